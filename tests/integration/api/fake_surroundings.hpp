// An engine, agent hub and live hub that only note what they were asked: the API is tested against PostgreSQL
// alone.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "controller/engine/engine.hpp"
#include "controller/engine/submission.hpp"
#include "controller/fleet/agent_hub.hpp"
#include "controller/live/live_hub.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::api {

namespace asio = boost::asio;

class FakeEngine : public engine::Engine {
 public:
  std::deque<engine::ExecuteRequest> executed;  // tests hold on to what they saw
  std::deque<engine::ExecuteRequest> previewed;
  std::deque<domain::Runbook> documents;  // previewed without being saved
  Result<engine::Accepted> answer = engine::Accepted{{}, "pending"};
  Result<boost::json::object> preview =
      boost::json::object{{"blocks", boost::json::array{}}, {"unreachable", boost::json::array{}}};
  struct Controlled {
    Uuid execution;
    domain::Control control;
    domain::Actor actor;
  };
  std::deque<Controlled> controlled;

  void start() override {}
  asio::awaitable<void> stop() override { co_return; }
  // Set: what is asked is stored as the engine stores it, and not carried on.
  std::optional<store::ExecutionStore> stored;

  asio::awaitable<Result<engine::Accepted>> execute(engine::ExecuteRequest request,
                                                    store::Origin by) override {
    executed.push_back(request);
    if (!stored) co_return answer;
    store::Submission submission{.execution = runtime::new_uuid(),
                                 .runbook = request.runbook,
                                 .version = request.version,
                                 .person = request.requested_by,
                                 .reach = request.reach,
                                 .idempotency_key = request.idempotency_key,
                                 .request_digest = request.request_digest};
    store::Judge judge = [request, id = submission.execution](const auto& version, const auto& hosts) {
      return engine::judge_submission(request, id, version, hosts, testing::credential_keys());
    };
    auto done = co_await stored->submit(std::move(submission), {}, std::move(judge), std::move(by));
    if (!done) co_return std::unexpected(done.error());
    co_return engine::Accepted{done->execution, "pending"};
  }
  asio::awaitable<Result<boost::json::object>> dry_run(engine::ExecuteRequest request) override {
    previewed.push_back(std::move(request));
    co_return preview;
  }
  asio::awaitable<Result<boost::json::object>> dry_run_document(engine::ExecuteRequest request,
                                                                domain::Runbook document) override {
    previewed.push_back(std::move(request));
    documents.push_back(std::move(document));
    co_return preview;
  }
  asio::awaitable<Result<engine::Accepted>> control(Uuid execution, domain::Control wanted,
                                                    domain::Actor actor, store::Origin by) override {
    controlled.push_back({execution, wanted, actor});
    if (stored) {
      auto done = co_await stored->control(
          {}, execution, std::move(wanted), std::move(actor),
          [](const auto&, auto&) { return Result<void>{}; }, std::move(by));
      if (!done) co_return std::unexpected(done.error());
      co_return engine::Accepted{execution, std::string(to_string(done->loaded.state.status))};
    }
    auto accepted = answer;
    if (accepted) accepted->execution = execution;
    co_return accepted;
  }

  asio::awaitable<void> agent_revoked(Uuid) override { co_return; }
  asio::awaitable<Result<Welcome>> connected(Uuid, Hello) override { co_return Welcome{}; }
  void ready(Uuid) override {}
  void disconnected(Uuid) override {}
  void started(Uuid, Started) override {}
  void refused(Uuid, Refused) override {}
  void finished(Uuid, Finished) override {}
  void output(Uuid, OutputFrame) override {}
  asio::awaitable<void> settle() override { co_return; }
};

class FakeHub : public fleet::AgentHub {
 public:
  std::vector<Uuid> cut;

  void connect_events(engine::AgentEvents&) override {}
  void connect_observer(engine::AgentObserver&) override {}
  asio::awaitable<void> serve(transport::WebSocketChannel) override { co_return; }
  void disconnect(const Uuid& agent) override { cut.push_back(agent); }
  std::size_t connected() const override { return 0; }
  asio::awaitable<void> stop() override { co_return; }
  std::optional<Uuid> incarnation(const Uuid&) const override { return std::nullopt; }
  bool send(const Uuid&, const ControllerMessage&) override { return false; }
  void drop(const Uuid&, std::string_view) override {}
};

class FakeLive : public live::LiveHub {
 public:
  std::vector<boost::json::object> agents;

  asio::awaitable<void> serve(transport::WebSocketChannel, auth::Principal, StillAllowed) override {
    co_return;
  }
  asio::awaitable<void> stop() override { co_return; }
  bool watched(const Uuid&) const override { return false; }
  void changed(const Uuid&, std::int64_t, std::string_view, const boost::json::object&) override {}
  void output(const engine::CommittedOutput&) override {}
  void agent_changed(const boost::json::object& agent) override { agents.push_back(agent); }
  asio::awaitable<void> wait_output(Uuid, std::chrono::milliseconds) override { co_return; }
};

}  // namespace runbook::api
