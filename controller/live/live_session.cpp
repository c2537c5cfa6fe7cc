#include "controller/live/live_session.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "controller/auth/rights.hpp"
#include "controller/live/live_frame.hpp"
#include "controller/store/outage.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::live {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::size_t kReadBytes = 256 * 1024;       // of stored output at a time
constexpr std::size_t kEnough = 1024 * 1024;         // waiting in the outbox: read no more
constexpr std::chrono::milliseconds kHoleTime{100};  // until a missing event counts as made elsewhere
constexpr std::chrono::seconds kAfterOutage{1};

std::size_t index_of(Stream stream) { return stream == Stream::kStdout ? 0 : 1; }

std::string_view code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kForbidden: return "forbidden";
    case ErrorCode::kTooLarge:
    case ErrorCode::kTooMany: return "limit";
    default: return "malformed";
  }
}

}  // namespace

LiveSession::LiveSession(boost::asio::any_io_executor executor, transport::WebSocketChannel channel,
                         auth::Principal principal, store::ExecutionViews& views,
                         store::StreamReader& streams, WatchList& watch_list)
    : channel_(std::move(channel)),
      reach_(auth::reach(principal.grants, auth::Right::kRead)),
      views_(views),
      streams_(streams),
      watch_list_(watch_list),
      wake_(executor) {}

awaitable<void> LiveSession::read() {
  for (;;) {
    const auto message = co_await channel_.read();
    if (!message) co_return;
    handle(*message);
  }
}

awaitable<void> LiveSession::write_loop() { return channel_.write_loop(); }

void LiveSession::end() {
  ended_ = true;
  for (const auto& [execution, subscription] : subscriptions_) watch_list_.unwatch(execution);
  subscriptions_.clear();
  wake_.notify();
}

void LiveSession::handle(const transport::WebSocketMessage& message) {
  if (message.binary) return error_event("malformed", "Binary messages have no meaning here.");
  auto request = read_live_request(message.data);
  if (!request) return refuse(request.error());
  if (const auto* ping = std::get_if<Ping>(&*request)) {
    json::object pong;
    pong["event"] = "pong";
    pong["n"] = ping->n;
    return push_text(json::serialize(pong));
  }
  if (!may_read()) return error_event("forbidden", "This key has no right to read.");
  if (auto* sub = std::get_if<Subscribe>(&*request)) return subscribe(std::move(*sub));
  if (const auto* unsub = std::get_if<Unsubscribe>(&*request)) return unsubscribe(unsub->execution);
  const auto& change = std::get<TopicChange>(*request);
  (change.topic == Topic::kExecutions ? executions_topic_ : agents_topic_) = change.on;
}

void LiveSession::subscribe(Subscribe request) {
  const Uuid execution = request.execution;
  const bool known = subscriptions_.contains(execution);
  if (!known && subscriptions_.size() >= kSubscriptions) {
    return error_event("limit", "Too many subscriptions on one connection.", &execution);
  }
  subscriptions_[execution] = std::make_unique<Subscription>(std::move(request), next_generation_++);
  if (!known) watch_list_.watch(execution);
  to_load_.push_back(execution);
  wake_.notify();
}

void LiveSession::unsubscribe(const Uuid& execution) {
  if (subscriptions_.erase(execution) > 0) watch_list_.unwatch(execution);
}

void LiveSession::refuse(const Error& error) { error_event(code_of(error), error.message); }

void LiveSession::error_event(std::string_view code, std::string_view message, const Uuid* execution) {
  json::object event;
  event["event"] = "error";
  if (execution != nullptr) event["execution"] = execution->str();
  event["code"] = std::string(code);
  event["message"] = std::string(message);
  push_text(json::serialize(event));
}

void LiveSession::push_text(std::string text) { channel_.push({false, std::move(text)}); }

void LiveSession::event(const Uuid& execution, std::int64_t seq, const std::string& text) {
  if (limited()) return hold({execution, seq, text});
  tell(execution, seq, text);
}

void LiveSession::overview(const Uuid& execution, const std::string& text) {
  if (!executions_topic_) return;
  if (limited()) return hold({execution, std::nullopt, text});
  push_text(text);
}

void LiveSession::agent(const domain::Labels& labels, const std::string& text) {
  if (agents_topic_ && reach_.has_host(labels)) push_text(text);
}

void LiveSession::tell(const Uuid& execution, std::int64_t seq, const std::string& text) {
  const auto found = subscriptions_.find(execution);
  if (found == subscriptions_.end()) return;
  for (auto& ready : found->second->event(seq, text)) push_text(std::move(ready));
  if (found->second->has_hole()) wake_.notify();
}

// A piece that was just committed: sent at once to a client that is level, else it will be read when its turn
// comes.
void LiveSession::output(const engine::CommittedOutput& piece) {
  const auto found = subscriptions_.find(piece.execution);
  if (found == subscriptions_.end() || !found->second->wants(piece.step, piece.agent)) return;
  auto& subscription = *found->second;
  auto& attempt = subscription.follow(piece.attempt, piece.step, piece.agent, piece.host);
  auto& stream = attempt.streams[index_of(piece.stream)];
  const auto end = piece.offset + piece.data->size();
  const bool level = !stream.behind() && stream.sent >= piece.offset && stream.sent < end;
  stream.stored = std::max(stream.stored, end);
  if (subscription.loading() || !stream.behind()) return;
  if (limited() || !level || stream.queued || channel_.outbox_bytes() >= kEnough) {
    return fall_behind(subscription, attempt, piece.stream);
  }
  const std::string_view data = *piece.data;
  const auto skip = static_cast<std::size_t>(stream.sent - piece.offset);
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(data.substr(0, skip), '\n'));
  const bool begins = skip == 0 ? piece.begins_line : data[skip - 1] == '\n';
  push_output(subscription, attempt, piece.stream, data.substr(skip), {piece.first_line + lines, begins});
}

void LiveSession::fall_behind(Subscription& subscription, FollowedAttempt& attempt, Stream stream) {
  auto& followed = attempt.streams[index_of(stream)];
  if (followed.queued) return;
  followed.queued = true;
  behind_.push_back({subscription.execution(), subscription.generation(), attempt.attempt, stream});
  wake_.notify();
}

void LiveSession::announce(const Subscription& subscription, FollowedAttempt& attempt) {
  if (attempt.index) return;
  attempt.index = next_index_++;
  json::object event;
  event["event"] = "stream";
  event["execution"] = subscription.execution().str();
  event["index"] = *attempt.index;
  event["step_id"] = attempt.step.str();
  event["agent_id"] = attempt.agent.str();
  event["host"] = attempt.host;
  event["attempt"] = attempt.attempt.str();
  push_text(json::serialize(event));
}

void LiveSession::push_output(Subscription& subscription, FollowedAttempt& attempt, Stream stream,
                              std::string_view data, LinePlace place) {
  announce(subscription, attempt);
  auto& followed = attempt.streams[index_of(stream)];
  while (!data.empty()) {
    LiveFrame frame;
    frame.index = *attempt.index;
    frame.stream = stream;
    frame.offset = followed.sent;
    frame.first_line = static_cast<std::uint32_t>(place.newlines + 1);
    frame.begins_line = place.begins_line;
    frame.data = data.substr(0, limits::kFrameDataBytes);
    channel_.push({true, encode_live_frame(frame)});
    followed.sent += frame.data.size();
    place.newlines += static_cast<std::uint64_t>(std::ranges::count(frame.data, '\n'));
    place.begins_line = frame.data.ends_with('\n');
    data.remove_prefix(frame.data.size());
  }
}

awaitable<void> LiveSession::feed() {
  while (!ended_) {
    bool outage = false;
    try {
      load_holes();
      if (look_again_ || !unchecked_.empty()) {
        co_await check();
      } else if (!to_load_.empty()) {
        const Uuid execution = to_load_.front();
        co_await load(execution);
        if (!to_load_.empty() && to_load_.front() == execution) to_load_.pop_front();
      } else if (!behind_.empty()) {
        if (!co_await channel_.drained_below(kEnough)) co_return;
        const Behind next = behind_.front();
        co_await read_behind(next);
        behind_.pop_front();
      } else {
        co_await wake_.wait();
        // A hole may close by itself: the missing event is told in a moment.
        const bool hole =
            std::ranges::any_of(subscriptions_, [](const auto& s) { return s.second->has_hole(); });
        if (hole) co_await wake_.wait_for(kHoleTime);
      }
    } catch (const std::exception& error) {
      if (!store::is_outage(error)) throw;
      outage = true;
    }
    if (outage) co_await wake_.wait_for(kAfterOutage);
  }
}

void LiveSession::load_holes() {
  for (const auto& [execution, subscription] : subscriptions_) {
    if (!subscription->has_hole()) continue;
    subscription->load_again();
    to_load_.push_back(execution);
  }
}

// The subscription was there before the snapshot is read, so no event falls between.
awaitable<void> LiveSession::load(Uuid execution) {
  const auto begun = subscriptions_.find(execution);
  if (begun == subscriptions_.end() || !begun->second->loading()) co_return;
  const auto generation = begun->second->generation();
  const auto request = begun->second->request();
  auto snapshot = co_await views_.snapshot(execution, reach_);
  std::vector<store::AttemptOutput> outputs;
  if (snapshot && request.output) {
    outputs = co_await streams_.outputs(execution, request.step, request.host, reach_);
  }
  auto* subscription = find(execution, generation);
  if (subscription == nullptr) co_return;
  if (!snapshot) {
    error_event(code_of(snapshot.error()), snapshot.error().message, &execution);
    unsubscribe(execution);
    co_return;
  }
  json::object event;
  event["event"] = "snapshot";
  event["execution"] = execution.str();
  event["seq"] = snapshot->seq;
  event["data"] = std::move(snapshot->data);
  push_text(json::serialize(event));
  for (auto& text : subscription->snapshot(snapshot->seq)) push_text(std::move(text));
  for (const auto& output : outputs) subscription->add_stored(output);
  for (auto& [id, attempt] : subscription->attempts()) {
    for (const auto stream : {Stream::kStdout, Stream::kStderr}) {
      if (attempt.streams[index_of(stream)].behind()) fall_behind(*subscription, attempt, stream);
    }
  }
}

// One turn of one stream; it comes again after the others while it is still behind.
awaitable<void> LiveSession::read_behind(Behind behind) {
  auto* subscription = find(behind.execution, behind.generation);
  auto* attempt = subscription == nullptr ? nullptr : subscription->find(behind.attempt);
  if (attempt == nullptr) co_return;
  const auto offset = attempt->streams[index_of(behind.stream)].sent;
  const auto piece = co_await streams_.read(behind.attempt, behind.stream, offset, kReadBytes, reach_);
  subscription = find(behind.execution, behind.generation);
  attempt = subscription == nullptr ? nullptr : subscription->find(behind.attempt);
  if (attempt == nullptr) co_return;
  auto& stream = attempt->streams[index_of(behind.stream)];
  stream.queued = false;
  if (piece.data.empty()) co_return;
  push_output(*subscription, *attempt, behind.stream, piece.data, {piece.first_line, piece.begins_line});
  if (stream.behind()) fall_behind(*subscription, *attempt, behind.stream);
}

Subscription* LiveSession::find(const Uuid& execution, std::uint64_t generation) {
  const auto found = subscriptions_.find(execution);
  if (found == subscriptions_.end() || found->second->generation() != generation) return nullptr;
  return found->second.get();
}

}  // namespace runbook::live
