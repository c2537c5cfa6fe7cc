// /live for keys that are limited: no snapshot, event or byte of output of what is out of reach, and an end
// to what leaves it. With the real hub over real sockets.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "controller/live/live_hub.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/integration/api/two_teams.hpp"
#include "tests/support/await.hpp"
#include "tests/unit/protocol/websocket_links.hpp"

namespace runbook::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::awaitable;
using auth::Role;

constexpr std::chrono::seconds kPatience{20};

// What a client was sent, in order.
struct Heard {
  std::vector<json::object> events;
  std::string frames;  // the binary ones

  std::size_t count(std::string_view event, const Uuid& execution) const {
    return static_cast<std::size_t>(std::ranges::count_if(events, [&](const json::object& each) {
      const auto* id = each.if_contains("execution");
      return each.at("event").as_string() == event && id != nullptr && id->as_string() == execution.str();
    }));
  }
  // Everything but errors, which name what the client asked for.
  std::string text() const {
    auto all = frames;
    for (const auto& each : events) {
      if (each.at("event").as_string() != "error") all += json::serialize(each) + '\n';
    }
    return all;
  }
};

class LiveReachTest : public TwoTeamsTest {
 protected:
  using Scene = std::function<awaitable<void>(live::LiveHub&, transport::WebSocketChannel&)>;

  // Runs `scene` as the client of a hub.
  Heard listen(Role role, Limit limit, Scene scene) {
    heard_ = {};
    auto hub = live::LiveHub::create(loop_.get_executor(), database());
    testing::await(loop_, run(*hub, role, limit, std::move(scene)));
    return heard_;
  }

  awaitable<void> run(live::LiveHub& hub, Role role, Limit limit, Scene scene) {
    const auto executor = co_await asio::this_coro::executor;
    auto link = co_await testing::open_link(testing::plain_streams(executor));
    auth::Principal principal;
    principal.grants = auth::grants_of({grant(role, limit)});
    auto allowed = []() -> awaitable<bool> { co_return true; };
    runtime::TaskGroup tasks(executor, "live");
    tasks.spawn("client", link.client.write_loop());
    auto serving = hub.serve(std::move(link.server), std::move(principal), allowed);
    tasks.spawn("server", std::move(serving));
    std::exception_ptr failed;
    try {
      co_await scene(hub, link.client);
    } catch (...) {
      failed = std::current_exception();
    }
    link.client.close(transport::CloseCode::kNormal, "");
    auto end = read_to_end(link.client);
    co_await runtime::with_deadline(std::move(end), kPatience);
    co_await hub.stop();
    co_await tasks.stop();
    if (failed) std::rethrow_exception(failed);
  }

  static awaitable<void> read_to_end(transport::WebSocketChannel& client) {
    while (co_await client.read()) {}
  }

  // Reads on until `done`.
  awaitable<void> hear(transport::WebSocketChannel& client, std::function<bool(const Heard&)> done) {
    while (!done(heard_)) {
      const auto read = co_await runtime::with_deadline(client.read(), kPatience);
      if (!read) throw std::runtime_error("nothing more came");
      const auto& message = *read;
      if (!message) throw std::runtime_error("the connection ended: " + client.end_reason());
      if (message->binary) {
        heard_.frames += message->data;
      } else {
        heard_.events.push_back(json::parse(message->data).as_object());
      }
    }
  }

  static void subscribe(transport::WebSocketChannel& client, const Uuid& execution) {
    const json::object request{{"sub", {{"execution", execution.str()}, {"from", json::object{}}}}};
    client.push({false, json::serialize(request)});
  }
  static void follow(transport::WebSocketChannel& client, const char* topic) {
    client.push({false, fmt::format(R"({{"sub":{{"{}":true}}}})", topic)});
  }

  std::int64_t next_seq(const Uuid& execution) { return ++seqs_[execution]; }
  void tell(live::LiveHub& hub, const Run& run, std::string_view mark) {
    const json::object step{{"id", run.step.str()}, {"note", mark}};
    const json::object host{{"step_id", run.step.str()}, {"host", mark}};
    const json::object execution{{"id", run.execution.str()}, {"status", "running"}, {"note", mark}};
    hub.changed(run.execution, next_seq(run.execution), "step", step);
    hub.changed(run.execution, next_seq(run.execution), "host", host);
    hub.changed(run.execution, next_seq(run.execution), "execution", execution);
    engine::CommittedOutput piece;
    piece.execution = run.execution;
    piece.step = run.step;
    piece.attempt = run.attempt;
    piece.agent = own_.agent;
    piece.host = std::string(mark);
    piece.offset = 0;
    piece.data = std::make_shared<const std::string>(fmt::format("said {}\n", mark));
    hub.output(piece);
  }
  void tell_agent(live::LiveHub& hub, const Team& team) {
    hub.agent_changed({{"id", team.agent.str()}, {"host", team.host}, {"labels", {{"env", team.word}}}});
  }

  std::map<Uuid, std::int64_t> seqs_;
  Heard heard_;
};

struct Watched {
  const char* name;
  Uuid execution;
  bool other_runbook;
  bool other_host;
};

TEST_F(LiveReachTest, NothingOutOfReachIsSent) {
  const auto nobody = runtime::new_uuid();
  const std::array kAll{&own_.run, &other_.run, &on_other_host_, &of_other_, &on_both_};
  std::size_t cases = 0;
  for (const auto& [role, word] : auth::kRoles) {
    for (const auto limit : {Limit::kNone, Limit::kRunbooks, Limit::kHosts, Limit::kBoth}) {
      seqs_.clear();
      auto scene = [&](live::LiveHub& hub, transport::WebSocketChannel& client) -> awaitable<void> {
        follow(client, "executions");
        follow(client, "agents");
        for (const auto* run : kAll) subscribe(client, run->execution);
        subscribe(client, nobody);
        auto answered = [&](const Heard& heard) { return heard.count("error", nobody) == 1; };
        co_await hear(client, answered);
        for (const auto* run : kAll) tell(hub, *run, run == &own_.run ? kOwnMark : kCanary);
        tell_agent(hub, other_);
        tell_agent(hub, own_);
        subscribe(client, nobody);  // answered after everything above was judged
        auto over = [&](const Heard& heard) {
          return heard.count("error", nobody) == 2 && heard.frames.find(kOwnMark) != std::string::npos;
        };
        co_await hear(client, over);
      };
      const auto heard = listen(role, limit, scene);
      const bool by_runbook = limit == Limit::kRunbooks || limit == Limit::kBoth;
      const bool by_host = limit == Limit::kHosts || limit == Limit::kBoth;
      for (const auto& each : {Watched{"own", own_.run.execution, false, false},
                               Watched{"other", other_.run.execution, true, true},
                               Watched{"own on other's host", on_other_host_.execution, false, true},
                               Watched{"other's on own host", of_other_.execution, true, false},
                               Watched{"own on both hosts", on_both_.execution, false, true}}) {
        const bool reached = !(by_runbook && each.other_runbook) && !(by_host && each.other_host);
        const auto what = fmt::format("{} limited by {}: {}", word, to_string(limit), each.name);
        EXPECT_EQ(heard.count("snapshot", each.execution), reached ? 1U : 0U) << what;
        EXPECT_EQ(heard.count("error", each.execution), reached ? 0U : 1U) << what;
        EXPECT_EQ(heard.count("step", each.execution), reached ? 1U : 0U) << what;
        EXPECT_EQ(heard.count("host", each.execution), reached ? 1U : 0U) << what;
        EXPECT_EQ(heard.count("execution", each.execution), reached ? 1U : 0U) << what;
        EXPECT_EQ(heard.text().find(each.execution.str()) != std::string::npos, reached) << what;
        ++cases;
      }
      const auto text = heard.text();
      EXPECT_EQ(text.find(kCanary) == std::string::npos, limit == Limit::kBoth) << word << to_string(limit);
      EXPECT_NE(text.find(own_.agent.str()), std::string::npos) << word;
    }
  }
  EXPECT_EQ(cases, 100U);
}

TEST_F(LiveReachTest, WhatIsOutOfReachIsRefusedLikeWhatIsNot) {
  const auto nobody = runtime::new_uuid();
  auto scene = [&](live::LiveHub&, transport::WebSocketChannel& client) -> awaitable<void> {
    subscribe(client, other_.run.execution);
    subscribe(client, nobody);
    auto both = [](const Heard& heard) { return heard.events.size() == 2; };
    co_await hear(client, both);
  };
  auto heard = listen(Role::kViewer, Limit::kBoth, scene);
  for (auto& event : heard.events) event.erase("execution");
  EXPECT_EQ(heard.events[0], heard.events[1]);
}

TEST_F(LiveReachTest, AnExecutionThatGoesToAHostOutOfReachIsSeenNoMore) {
  auto scene = [&](live::LiveHub& hub, transport::WebSocketChannel& client) -> awaitable<void> {
    follow(client, "executions");
    subscribe(client, own_.run.execution);
    auto begun = [&](const Heard& heard) { return heard.count("snapshot", own_.run.execution) == 1; };
    co_await hear(client, begun);
    sql(
        fmt::format("INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, status) "
                    "VALUES ('{}', '{}', '{}', '{}', '{}', 1, 'queued')",
                    runtime::new_uuid().str(), own_.run.step.str(), own_.run.execution.str(),
                    other_.agent.str(), other_.host));
    tell(hub, own_.run, kCanary);
    auto ended = [&](const Heard& heard) { return heard.count("error", own_.run.execution) == 1; };
    co_await hear(client, ended);
    tell(hub, own_.run, kCanary);
    subscribe(client, own_.run.execution);
    auto refused = [&](const Heard& heard) { return heard.count("error", own_.run.execution) == 2; };
    co_await hear(client, refused);
  };
  const auto heard = listen(Role::kOperator, Limit::kHosts, scene);
  EXPECT_EQ(heard.events.back().at("code").as_string(), "not_found");
  EXPECT_EQ(heard.text().find(kCanary), std::string::npos) << heard.text();
  EXPECT_EQ(heard.count("step", own_.run.execution), 0U);
}

TEST_F(LiveReachTest, LabelsThatChangeEndASubscriptionThatNobodyTellsOf) {
  auto scene = [&](live::LiveHub&, transport::WebSocketChannel& client) -> awaitable<void> {
    subscribe(client, own_.run.execution);
    auto begun = [&](const Heard& heard) { return heard.count("snapshot", own_.run.execution) == 1; };
    co_await hear(client, begun);
    sql("UPDATE agent SET labels = '{\"env\": \"other\"}' WHERE id = '" + own_.agent.str() + "'");
    auto ended = [&](const Heard& heard) { return heard.count("error", own_.run.execution) == 1; };
    co_await hear(client, ended);
  };
  const auto heard = listen(Role::kViewer, Limit::kHosts, scene);
  EXPECT_EQ(heard.events.back().at("code").as_string(), "not_found");
}

}  // namespace
}  // namespace runbook::api
