#include "controller/live/live_hub.hpp"

#include <boost/json.hpp>

#include <set>
#include <unordered_map>

#include "controller/domain/targets.hpp"
#include "controller/live/live_session.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::live {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::awaitable;

constexpr std::chrono::seconds kStopTime{1};
constexpr std::chrono::milliseconds kJudgeEvery{300};
constexpr int kTurnsPerLook = 3;  // of judging, between looks at what the labels say now

class LiveHubImpl final : public LiveHub, private WatchList {
 public:
  LiveHubImpl(asio::any_io_executor executor, db::Database& database)
      : executor_(executor), views_(database), streams_(database), writers_(executor, "live clients") {}

  awaitable<void> serve(transport::WebSocketChannel channel, auth::Principal principal,
                        StillAllowed allowed) override;
  awaitable<void> stop() override;

  bool watched(const Uuid& execution) const override { return watched_.contains(execution); }
  void changed(const Uuid& execution, std::int64_t seq, std::string_view event,
               const json::object& data) override;
  void output(const engine::CommittedOutput& piece) override;
  void agent_changed(const json::object& agent) override;
  awaitable<void> wait_output(Uuid step, std::chrono::milliseconds limit) override;

 private:
  using Session = std::shared_ptr<LiveSession>;

  void watch(const Uuid& execution) override { ++watched_[execution]; }
  void unwatch(const Uuid& execution) override {
    const auto found = watched_.find(execution);
    if (found != watched_.end() && --found->second == 0) watched_.erase(found);
  }
  awaitable<void> judge(Session session, StillAllowed allowed);
  void wake_readers(const Uuid& step);

  asio::any_io_executor executor_;
  store::ExecutionViews views_;
  store::StreamReader streams_;
  std::set<Session> sessions_;
  std::unordered_map<Uuid, std::size_t> watched_;               // how many sessions watch an execution
  std::unordered_multimap<Uuid, asio::steady_timer*> waiting_;  // readers of a step's output
  bool stopping_ = false;
  runtime::TaskGroup writers_;
};

awaitable<void> LiveHubImpl::serve(transport::WebSocketChannel channel, auth::Principal principal,
                                   StillAllowed allowed) {
  WatchList& watch_list = *this;
  auto session = std::make_shared<LiveSession>(executor_, std::move(channel), std::move(principal), views_,
                                               streams_, watch_list);
  auto write = [](Session writing) -> awaitable<void> { co_await writing->write_loop(); };
  auto feed = [](Session feeding) -> awaitable<void> {
    try {
      co_await feeding->feed();
    } catch (...) {
      feeding->close(transport::CloseCode::kTryAgainLater, "try again");
      throw;
    }
  };
  sessions_.insert(session);
  writers_.spawn("live writer", write(session));
  writers_.spawn("live feeder", feed(session));
  if (allowed) writers_.spawn("live judge", judge(session, std::move(allowed)));
  if (stopping_) session->close(transport::CloseCode::kGoingAway, "stopping");
  std::exception_ptr cancelled;
  try {
    co_await session->read();
  } catch (...) {
    cancelled = std::current_exception();
  }
  sessions_.erase(session);
  session->end();
  session->close(transport::CloseCode::kNormal, "");
  if (cancelled) std::rethrow_exception(cancelled);
}

// A key that is revoked, or whose roles change, while its client watches: the connection ends within a
// second, also when the client reads slowly. One whose roles changed may come again and gets what it may have
// now.
awaitable<void> LiveHubImpl::judge(Session session, StillAllowed allowed) {
  asio::steady_timer timer(executor_);
  for (int turn = 1; sessions_.contains(session); ++turn) {
    timer.expires_after(kJudgeEvery);
    co_await timer.async_wait(asio::use_awaitable);
    bool still = false;
    try {
      still = co_await allowed();
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      if (store::is_outage(error)) continue;  // asked again; what is sent comes from the same database
      runtime::log_error({}, fmt::format("live judge: {}", error.what()));
    }
    if (!still) session->cut_off(transport::CloseCode::kPolicy, "not allowed any more");
    if (turn % kTurnsPerLook == 0) session->look_again();
  }
}

awaitable<void> LiveHubImpl::stop() {
  if (stopping_) co_return;
  stopping_ = true;
  for (const auto& session : sessions_) session->close(transport::CloseCode::kGoingAway, "stopping");
  for (const auto& [step, timer] : waiting_) timer->cancel();
  co_await runtime::with_deadline(writers_.wait(), kStopTime);
  co_await writers_.stop();
}

void LiveHubImpl::changed(const Uuid& execution, std::int64_t seq, std::string_view event,
                          const json::object& data) {
  if (event == "step") {
    if (const auto step = Uuid::parse(std::string(data.at("id").as_string()))) wake_readers(*step);
  }
  const bool overview = event == "execution";
  if (sessions_.empty() || (!overview && !watched(execution))) return;
  json::object message;
  message["event"] = std::string(event);
  message["execution"] = execution.str();
  message["seq"] = seq;
  message["data"] = data;
  const auto text = json::serialize(message);
  for (const auto& session : sessions_) {
    if (session->watches(execution))
      session->event(execution, seq, text);
    else if (overview)
      session->overview(execution, text);
  }
}

void LiveHubImpl::output(const engine::CommittedOutput& piece) {
  wake_readers(piece.step);
  if (!watched(piece.execution)) return;
  for (const auto& session : sessions_) session->output(piece);
}

void LiveHubImpl::agent_changed(const json::object& agent) {
  if (sessions_.empty()) return;
  json::object message;
  message["event"] = "agent";
  message["data"] = agent;
  const auto text = json::serialize(message);
  domain::Faults faults;
  const auto labels = domain::read_labels(agent.at("labels"), "", faults);
  for (const auto& session : sessions_) session->agent(labels, text);
}

void LiveHubImpl::wake_readers(const Uuid& step) {
  const auto [first, last] = waiting_.equal_range(step);
  for (auto waiting = first; waiting != last; ++waiting) waiting->second->cancel();
}

awaitable<void> LiveHubImpl::wait_output(Uuid step, std::chrono::milliseconds limit) {
  asio::steady_timer timer(executor_, stopping_ ? std::chrono::milliseconds{0} : limit);
  const auto entry = waiting_.emplace(step, &timer);
  boost::system::error_code ended;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  waiting_.erase(entry);
}

}  // namespace

std::unique_ptr<LiveHub> LiveHub::create(asio::any_io_executor executor, db::Database& database) {
  return std::make_unique<LiveHubImpl>(std::move(executor), database);
}

}  // namespace runbook::live
