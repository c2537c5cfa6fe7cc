#include "controller/engine/engine.hpp"

#include "controller/engine/agent_reports.hpp"
#include "controller/engine/attempt_writer.hpp"
#include "controller/engine/context.hpp"
#include "controller/engine/event_data.hpp"
#include "controller/engine/execution_run.hpp"
#include "controller/engine/hidden_values.hpp"
#include "controller/engine/submission.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::engine {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::chrono::seconds kPoll{1};
constexpr std::int64_t kClaims = 500;
constexpr int kPollsPerCount = 10;   // polls between counts of agents for the metrics
constexpr int kPollsPerSettle = 30;  // and between searches for results nobody judged

class EngineImpl final : public Engine {
 public:
  EngineImpl(asio::any_io_executor executor, db::Database& database, AgentLinks& links,
             ExecutionObserver& observer, ApiRequests& api, metrics::Metrics& metrics, Uuid instance,
             secrets::FernetKeys keys, DispatchKey dispatch_key, const store::AuditTrail& trail,
             domain::CommandPolicy policy)
      : context_(executor, database, links, observer, api, metrics, instance, std::move(keys),
                 std::move(dispatch_key), trail, std::move(policy)),
        writer_(
            context_, [this](Uuid execution, Uuid step) { settle_late(execution, step); },
            [this](awaitable<void> task) { tasks_.spawn("engine verify", std::move(task)); }),
        reports_(context_, writer_),
        tasks_(executor, "engine") {
    context_.report = [this](const std::shared_ptr<OpenAttempt>& attempt, AttemptNews news) {
      writer_.report(attempt, std::move(news));
    };
    context_.spawn = [this](std::string name, awaitable<void> task) {
      tasks_.spawn(std::move(name), std::move(task));
    };
  }

  void start() override {
    tasks_.spawn("engine writer", writer_.run());
    tasks_.spawn("engine poll", poll());
  }

  awaitable<void> stop() override {
    if (stopped_) co_return;
    stopped_ = true;
    co_await tasks_.stop();
    try {
      co_await context_.executions.release(context_.instance);
    } catch (const std::exception& error) {
      runtime::log_warning({}, fmt::format("leases were not given back, they run out: {}", error.what()));
    }
  }

  awaitable<Result<Accepted>> execute(ExecuteRequest request, store::Origin by) override;
  awaitable<Result<boost::json::object>> dry_run(ExecuteRequest request) override;
  awaitable<Result<boost::json::object>> dry_run_document(ExecuteRequest request,
                                                          domain::Runbook document) override;
  awaitable<Result<Accepted>> control(Uuid execution, domain::Control control, domain::Actor actor,
                                      store::Origin by) override;

  awaitable<Result<Welcome>> connected(Uuid agent, Hello hello) override {
    return reports_.connected(agent, std::move(hello));
  }
  void ready(Uuid agent) override { reports_.ready(agent); }
  void disconnected(Uuid agent) override { reports_.disconnected(agent); }
  void started(Uuid agent, Started message) override { reports_.started(agent, message); }
  void refused(Uuid agent, Refused message) override { reports_.refused(agent, std::move(message)); }
  void finished(Uuid agent, Finished message) override { reports_.finished(agent, std::move(message)); }
  void output(Uuid agent, OutputFrame frame) override { reports_.output(agent, std::move(frame)); }
  awaitable<void> settle() override { return writer_.settle(); }
  awaitable<void> agent_revoked(Uuid agent) override { return reports_.revoked(agent); }

 private:
  awaitable<void> poll();
  awaitable<void> keep_leases();
  void carry_on(Uuid execution, std::optional<store::LoadedExecution> loaded);
  awaitable<void> carry(std::shared_ptr<ExecutionRun> run, Uuid execution);
  void settle_late(Uuid execution, Uuid step);
  awaitable<void> settle(Uuid execution, Uuid step);
  awaitable<void> settle_earlier();
  void reload(const Uuid& execution);

  Context context_;
  AttemptWriter writer_;
  AgentReports reports_;
  bool stopped_ = false;
  runtime::TaskGroup tasks_;
};

store::Submission submission_of(const ExecuteRequest& request) {
  store::Submission submission;
  submission.execution = runtime::new_uuid();
  submission.runbook = request.runbook;
  submission.version = request.version;
  submission.person = request.requested_by;
  submission.reach = request.reach;
  submission.idempotency_key = request.idempotency_key;
  submission.request_digest = request.request_digest;
  return submission;
}

awaitable<Result<Accepted>> EngineImpl::execute(ExecuteRequest request, store::Origin by) {
  auto submission = submission_of(request);
  store::Judge judge = [request = std::move(request), id = submission.execution, keys = context_.keys](
                           const auto& version, const auto& hosts) {
    return judge_submission(request, id, version, hosts, keys);
  };
  auto submitted = co_await context_.executions.submit(std::move(submission), context_.instance,
                                                       std::move(judge), std::move(by));
  if (!submitted) co_return std::unexpected(submitted.error());
  if (submitted->created) {
    runtime::log_info({.execution = submitted->execution.str()}, "execution was requested");
    carry_on(submitted->execution, std::move(submitted->created->loaded));
  }
  co_return Accepted{submitted->execution, "pending"};
}

awaitable<Result<boost::json::object>> EngineImpl::dry_run(ExecuteRequest request) {
  auto submission = submission_of(request);
  store::Preview preview = [request = std::move(request)](const auto& version, const auto& hosts) {
    return preview_submission(request, version, hosts);
  };
  co_return co_await context_.executions.preview(std::move(submission), std::move(preview));
}

awaitable<Result<boost::json::object>> EngineImpl::dry_run_document(ExecuteRequest request,
                                                                    domain::Runbook document) {
  store::VersionRow unsaved;
  unsaved.title = document.title;
  unsaved.labels = document.labels;
  unsaved.content = domain::to_json(document);
  auto reach = request.reach;
  store::Preview preview = [request = std::move(request)](const auto& version, const auto& hosts) {
    return preview_submission(request, version, hosts);
  };
  co_return co_await context_.executions.preview_unsaved(std::move(unsaved), std::move(reach),
                                                         std::move(preview));
}

awaitable<Result<Accepted>> EngineImpl::control(Uuid execution, domain::Control control, domain::Actor actor,
                                                store::Origin by) {
  std::optional<Result<store::Controlled>> done;
  // Whoever carries it, and when nobody does.
  store::Cover cover = [keys = context_.keys](const store::LoadedExecution& loaded, domain::Control& typed) {
    return ExecutionSeals(keys, loaded.state.id).mask(loaded.sealed_parameters, typed);
  };
  try {
    done = co_await context_.executions.control(context_.instance, execution, std::move(control),
                                                std::move(actor), std::move(cover), std::move(by));
  } catch (...) {
    reload(execution);  // it may have been stored all the same
    throw;
  }
  if (!*done) co_return std::unexpected(done->error());
  auto& [loaded, events, resumed] = **done;
  const std::string status(to_string(loaded.state.status));
  if (!events.empty()) {
    publish_events(context_.observer, loaded.state, events, loaded.seq);
    reload(execution);
    if (resumed) carry_on(execution, std::move(loaded));
  }
  co_return Accepted{execution, status};
}

void EngineImpl::reload(const Uuid& execution) {
  if (const auto run = context_.runs.find(execution); run != context_.runs.end()) run->second->reload();
}

awaitable<void> EngineImpl::poll() {
  asio::steady_timer timer(context_.executor);
  int unsettled_in = 0;  // polls
  for (int round = 0;; ++round) {
    try {
      co_await keep_leases();
      const auto claimed = co_await context_.executions.claim(context_.instance, kClaims);
      for (const auto& execution : claimed) carry_on(execution, std::nullopt);
      if (unsettled_in-- <= 0) {
        unsettled_in = 0;  // again with the next poll if this one fails
        co_await settle_earlier();
        unsettled_in = kPollsPerSettle;
      }
      if (round % kPollsPerCount == 0) context_.metrics.agents(co_await context_.agents.counts());
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      runtime::log_warning({}, fmt::format("the database does not answer: {}", error.what()));
    }
    timer.expires_after(kPoll);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

// Extends the leases of what is carried on here. Another number of events than known: somebody else made
// some.
awaitable<void> EngineImpl::keep_leases() {
  std::vector<Uuid> held;
  std::unordered_map<Uuid, std::shared_ptr<ExecutionRun>> asked;
  for (const auto& [id, run] : context_.runs) {
    held.push_back(id);
    asked.emplace(id, run);
  }
  if (held.empty()) co_return;
  const auto leases = co_await context_.executions.renew(context_.instance, std::move(held));
  for (const auto& [id, seq] : leases) {
    const auto run = asked.extract(id);
    if (run && seq > run.mapped()->expected_seq()) run.mapped()->reload();
  }
  for (const auto& [id, run] : asked) run->lose_lease();
}

void EngineImpl::carry_on(Uuid execution, std::optional<store::LoadedExecution> loaded) {
  if (stopped_ || context_.runs.contains(execution)) return;
  auto run = std::make_shared<ExecutionRun>(context_, execution, std::move(loaded));
  context_.runs.emplace(execution, run);
  tasks_.spawn("execution " + execution.str(), carry(run, execution));
}

awaitable<void> EngineImpl::carry(std::shared_ptr<ExecutionRun> run, Uuid execution) {
  co_await run->run();
  const auto found = context_.runs.find(execution);
  if (found != context_.runs.end() && found->second == run) context_.runs.erase(found);
}

void EngineImpl::settle_late(Uuid execution, Uuid step) {
  tasks_.spawn("late result", settle(execution, step));
}

// A result came for a step that ended unknown: the step is judged again, the execution stays as it is
// (CONTRACT §2). The agent will not tell it twice, so an outage is waited out.
awaitable<void> EngineImpl::settle(Uuid execution, Uuid step) {
  for (;;) {
    try {
      const auto settled = co_await context_.executions.settle_step(execution, step);
      if (settled) {
        publish_events(context_.observer, settled->loaded.state, settled->events, settled->loaded.seq);
        reload(execution);
      }
      co_return;
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      runtime::log_warning({.execution = execution.str(), .step = step.str()},
                           fmt::format("a late result is judged later: {}", error.what()));
    }
    co_await asio::steady_timer(context_.executor, kPoll).async_wait(asio::use_awaitable);
  }
}

// Late results whose controller was lost before it could judge them, be it another one.
awaitable<void> EngineImpl::settle_earlier() {
  for (const auto& [execution, step] : co_await context_.executions.unsettled()) settle_late(execution, step);
}

}  // namespace

std::unique_ptr<Engine> Engine::create(asio::any_io_executor executor, db::Database& database,
                                       AgentLinks& links, ExecutionObserver& observer, ApiRequests& api,
                                       metrics::Metrics& metrics, Uuid instance, secrets::FernetKeys keys,
                                       DispatchKey dispatch_key, const store::AuditTrail& trail,
                                       domain::CommandPolicy policy) {
  return std::make_unique<EngineImpl>(std::move(executor), database, links, observer, api, metrics, instance,
                                      std::move(keys), std::move(dispatch_key), trail, std::move(policy));
}

}  // namespace runbook::engine
