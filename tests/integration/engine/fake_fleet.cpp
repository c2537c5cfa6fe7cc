#include "tests/integration/engine/fake_fleet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "controller/store/output_digest.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::testing {
namespace {

namespace asio = boost::asio;

std::size_t index_of(Stream stream) { return stream == Stream::kStdout ? 0 : 1; }

std::string sha256(const std::string& data) {
  store::OutputDigest digest;
  digest.add(data);
  return digest.hex();
}

}  // namespace

void FakeFleet::serve(asio::io_context& context, engine::AgentEvents& events) {
  context_ = &context;
  events_ = &events;
}

void FakeFleet::leave() {
  events_ = nullptr;
  for (auto& [id, agent] : agents_) {
    agent.ready = false;
    ++agent.link;
  }
}

void FakeFleet::add(const Uuid& agent) { agents_[agent].incarnation = runtime::new_uuid(); }

void FakeFleet::connect_all() {
  for (const auto& [id, agent] : agents_) connect(id);
}

void FakeFleet::connect(const Uuid& agent) {
  const auto link = ++agents_.at(agent).link;
  asio::co_spawn(*context_, join(agent, link), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
}

void FakeFleet::disconnect(const Uuid& agent) {
  auto& state = agents_.at(agent);
  ++state.link;
  if (!std::exchange(state.ready, false) || events_ == nullptr) return;
  events_->disconnected(agent);
}

void FakeFleet::restart(const Uuid& agent) {
  disconnect(agent);
  agents_.at(agent).attempts.clear();
  agents_.at(agent).incarnation = runtime::new_uuid();
}

void FakeFleet::lose(const Uuid& agent) { agents_.at(agent).attempts.clear(); }

asio::awaitable<void> FakeFleet::join(Uuid agent, std::uint64_t link) {
  auto& state = agents_.at(agent);
  Hello hello;
  hello.incarnation = state.incarnation;
  for (const auto& [id, attempt] : state.attempts) {
    hello.attempts.push_back({.attempt = id,
                              .started = true,
                              .finished = attempt.finished.has_value(),
                              .stdout_bytes = attempt.produced[0].size(),
                              .stderr_bytes = attempt.produced[1].size()});
  }
  const auto welcome = co_await events_->connected(agent, std::move(hello));
  if (state.link != link || !welcome) co_return;
  state.ready = true;
  for (const auto& id : welcome->close) state.attempts.erase(id);
  events_->ready(agent);
  for (const auto& resume : welcome->resume) {
    const auto attempt = state.attempts.find(resume.attempt);
    if (attempt == state.attempts.end()) continue;
    report(agent, attempt->second, {resume.stdout_offset, resume.stderr_offset});
  }
}

// In order, one handler each, and only while the link is the same.
void FakeFleet::deliver(const Uuid& agent, std::function<void(engine::AgentEvents&)> message) {
  asio::post(*context_, [this, agent, link = agents_.at(agent).link, message = std::move(message)] {
    if (events_ != nullptr && agents_.at(agent).link == link) message(*events_);
  });
}

std::optional<Uuid> FakeFleet::incarnation(const Uuid& agent) const {
  const auto found = agents_.find(agent);
  if (found == agents_.end() || !found->second.ready) return std::nullopt;
  return found->second.incarnation;
}

bool FakeFleet::send(const Uuid& agent, const ControllerMessage& message) {
  if (!incarnation(agent)) return false;
  deliver(agent, [this, agent, message](engine::AgentEvents&) { receive(agent, message); });
  return true;
}

void FakeFleet::drop(const Uuid& agent, std::string_view) {
  ++drops_;
  auto& state = agents_.at(agent);
  ++state.link;
  state.ready = false;
  asio::post(*context_, [this, agent] {
    if (events_ == nullptr) return;
    events_->disconnected(agent);
    connect(agent);
  });
}

void FakeFleet::receive(const Uuid& agent, const ControllerMessage& message) {
  if (const auto* command = std::get_if<RunCommand>(&message)) run(agent, *command);
  if (const auto* command = std::get_if<StopCommand>(&message)) stop(agent, *command);
  if (const auto* close = std::get_if<Close>(&message)) agents_.at(agent).attempts.erase(close->attempt);
}

void FakeFleet::run(const Uuid& agent, const RunCommand& command) {
  auto& state = agents_.at(agent);
  runs_.push_back(command);
  const auto [found, added] = state.attempts.try_emplace(command.attempt);
  if (!added || started_[{command.step, agent}].contains(command.attempt)) {
    ++repeated_runs_;
    return;
  }
  auto& attempt = found->second;
  attempt.run = command;
  attempt.script = script_(command);
  if (const auto code = objection(agent, command)) {
    attempt.script.refused = "this is not what was signed";
    attempt.script.refused_code = *code;
  }
  if (!attempt.script.refused.empty()) {
    const auto refused = Refused{command.attempt, attempt.script.refused_code, attempt.script.refused};
    return deliver(agent, [agent, refused](engine::AgentEvents& events) { events.refused(agent, refused); });
  }
  started_[{command.step, agent}].insert(command.attempt);
  for (const auto& [stream, data] : attempt.script.output) {
    auto& produced = attempt.produced[index_of(stream)];
    attempt.frames.push_back({command.attempt, stream, produced.size(), data});
    produced += data;
  }
  if (!attempt.script.hangs) finish(attempt, EndCause::kExit, attempt.script.exit_code);
  report(agent, attempt, {0, 0});
}

std::optional<std::string> FakeFleet::objection(const Uuid& agent, const RunCommand& command) const {
  if (!pinned) return std::nullopt;
  if (!pinned->accepts(command, {agent, agents_.at(agent).incarnation})) return "bad_signature";
  if (leaf_digest(leaf_of(command, agent)) != command.leaf) return "bad_digest";
  return std::nullopt;
}

void FakeFleet::stop(const Uuid& agent, const StopCommand& command) {
  ++stops_;
  const auto attempt = agents_.at(agent).attempts.find(command.attempt);
  if (attempt == agents_.at(agent).attempts.end() || attempt->second.finished) return;
  if (attempt->second.script.ignores_stop) return;
  finish(attempt->second, EndCause::kStop, std::nullopt);
  const auto message = *attempt->second.finished;
  deliver(agent, [agent, message](engine::AgentEvents& events) { events.finished(agent, message); });
}

void FakeFleet::finish_all() {
  for (auto& [id, agent] : agents_) {
    for (auto& [attempt_id, attempt] : agent.attempts) {
      if (attempt.finished) continue;
      finish(attempt, EndCause::kExit, attempt.script.exit_code);
      const auto message = *attempt.finished;
      deliver(id, [id, message](engine::AgentEvents& events) { events.finished(id, message); });
    }
  }
}

void FakeFleet::finish(Attempt& attempt, EndCause cause, std::optional<int> exit_code) {
  Finished finished;
  finished.attempt = attempt.run.attempt;
  finished.cause = cause;
  finished.exit_code = exit_code;
  if (cause == EndCause::kStop) finished.signal = 15;
  finished.stdout_bytes = attempt.produced[0].size();
  finished.stderr_bytes = attempt.produced[1].size();
  finished.stdout_sha256 = sha256(attempt.produced[0]);
  finished.stderr_sha256 = sha256(attempt.produced[1]);
  attempt.finished = finished;
}

// Everything the controller does not have: started, output from the offsets, the result.
void FakeFleet::report(const Uuid& agent, const Attempt& attempt, std::array<std::uint64_t, 2> from) {
  const auto started = Started{attempt.run.attempt, 1, {}};
  deliver(agent, [agent, started](engine::AgentEvents& events) { events.started(agent, started); });
  std::vector<OutputFrame> frames;
  for (const auto& frame : attempt.frames) {
    const auto begin = from[index_of(frame.stream)];
    if (frame.offset + frame.data.size() > begin) frames.push_back(frame);  // the first may overlap
  }
  if (meddle) frames = meddle(std::move(frames));
  for (auto& frame : frames) {
    deliver(agent,
            [agent, frame = std::move(frame)](engine::AgentEvents& events) { events.output(agent, frame); });
  }
  if (!attempt.finished) return;
  const auto message = *attempt.finished;
  deliver(agent, [agent, message](engine::AgentEvents& events) { events.finished(agent, message); });
}

std::size_t FakeFleet::open_attempts() const {
  std::size_t count = 0;
  for (const auto& [id, agent] : agents_) count += agent.attempts.size();
  return count;
}

}  // namespace runbook::testing
