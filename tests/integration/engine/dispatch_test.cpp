// Commands on their way to agents (SECURITY S27): what is signed, what is not sent, and what the audit trail
// is told of refusals.
#include <fmt/format.h>

#include <algorithm>

#include "db/parameters.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

constexpr auto kUnapproved = R"([{"name": "One", "type": "command", "config": {"command": "echo one",
  "run_as": "deploy", "working_directory": "/srv", "environment": {"MODE": "careful"},
  "approval": "none"}}])";

// By somebody who may write to the database, of a step that waits for its agent.
struct Edit {
  const char* what;
  const char* statement;
};
constexpr Edit kEdits[] = {
    {"script", "UPDATE execution_step SET frozen = replace(frozen::text, 'echo one', 'reboot')::json"},
    {"program", "UPDATE execution_step SET frozen = (frozen::jsonb || '{\"argv\": [\"reboot\"]}')::json"},
    {"variable", "UPDATE execution_step SET frozen = replace(frozen::text, 'careful', 'wild')::json"},
    {"one more variable",
     "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{environment}', "
     "'{\"MODE\": \"careful\", \"LD_PRELOAD\": \"/tmp/x.so\"}')::json"},
    {"user", "UPDATE runbook_version SET content = replace(content::text, '\"deploy\"', '\"root\"')::json"},
    {"folder", "UPDATE runbook_version SET content = replace(content::text, '\"/srv\"', '\"/etc\"')::json"},
    {"shell",
     "UPDATE runbook_version SET content = jsonb_set(content::jsonb, '{blocks,0,config,shell}', "
     "'\"/bin/bash\"')::json"},
    {"how long it may take",
     "UPDATE runbook_version SET content = jsonb_set(content::jsonb, '{blocks,0,config,timeout_seconds}', "
     "'9')::json"},
    {"what becomes of it without a controller",
     "UPDATE runbook_version SET content = jsonb_set(content::jsonb, '{blocks,0,config,on_disconnect}', "
     "'{\"stop_after\": 9}')::json"},
    {"the command it was made of",
     "UPDATE runbook_version SET content = replace(content::text, 'echo one', 'reboot')::json"},
    {"agent", "UPDATE attempt SET agent_id = (SELECT id FROM agent WHERE name = 'web2')"},
    {"host", "UPDATE attempt SET host = 'web9'"},
    {"labels", "UPDATE attempt SET labels = '{\"env\": \"prod\"}'"},
    {"seal", "UPDATE execution_step SET frozen = (frozen::jsonb - 'seal')::json"},
    {"another step's seal",
     "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{seal}', (SELECT o.frozen::jsonb->'seal' "
     "FROM execution_step o WHERE o.status = 'success' LIMIT 1))::json WHERE status = 'running'"},
};

class DispatchTest : public EngineTest {
 protected:
  DispatchTest() : web1_(add_agent("web1")), web2_(add_agent("web2")) {}

  struct Told {
    std::string result;
    std::string object;
    std::string reason;
    std::string changes;
  };
  std::vector<Told> told() {
    std::vector<Told> rows;
    for (const auto& row :
         sql("SELECT result, object_id, COALESCE(reason, ''), changes::text FROM audit_event "
             "WHERE action = 'dispatch.refused' ORDER BY id")) {
      rows.push_back(
          {db::text(row[0]), db::text(row[1]), db::text(row[2]), db::optional_text(row[3]).value_or("")});
    }
    return rows;
  }

  Uuid web1_;
  Uuid web2_;
};

TEST_F(DispatchTest, EveryCommandIsBoundAndSignedForItsAgent) {
  start();
  const auto execution = execute(add_runbook(kUnapproved), {"web1", "web2"});
  wait_for(execution, "completed");
  ASSERT_EQ(fleet.runs().size(), 2u);
  const auto verifier = DispatchVerifier::of(dispatch_key.public_key()).value();
  for (const auto& run : fleet.runs()) {
    const auto agent = run.environment.at("RUNBOOK_HOST") == "web1" ? web1_ : web2_;
    const auto other = agent == web1_ ? web2_ : web1_;
    EXPECT_TRUE(verifier.accepts(run, {agent, fleet.incarnation(agent).value()}));
    EXPECT_FALSE(verifier.accepts(run, {other, fleet.incarnation(other).value()}));
    EXPECT_EQ(run.leaf, leaf_digest(leaf_of(run, agent)));
    EXPECT_EQ(run.root, fleet.runs().front().root);
  }
  EXPECT_TRUE(told().empty());
}

TEST_F(DispatchTest, NothingIsSentThatWasAlteredInTheDatabase) {
  start();
  wait_for(execute(add_runbook(kUnapproved), {"web1"}), "completed");
  std::size_t refused = 0;
  for (const auto& edit : kEdits) {
    SCOPED_TRACE(edit.what);
    const auto runs = fleet.runs().size();
    fleet.disconnect(web1_);
    const auto execution = execute(add_runbook(kUnapproved), {"web1"});
    const auto step = step_of(execution, "one");
    run_until_stored([&] { return outcomes(step)["web1"].status == "queued"; });
    crash();
    sql(edit.statement);
    start();
    wait_for(execution, "failed");
    EXPECT_EQ(fleet.runs().size(), runs);
    EXPECT_EQ(column(execution, "one", "reason"), "what would run is not what was prepared");
    const auto rows = told();
    ASSERT_EQ(rows.size(), ++refused);
    EXPECT_EQ(rows.back().result, "refused");
    EXPECT_EQ(rows.back().object, execution.str());
    EXPECT_EQ(rows.back().reason, "what would run is not what was prepared");
    sql("TRUNCATE attempt, execution_step, execution CASCADE");
    wait_for(execute(add_runbook(kUnapproved), {"web1"}), "completed");  // whose seal is taken
  }
}

TEST_F(DispatchTest, ATimeInTheDatabaseDoesNotLengthenItsLife) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  execute(add_runbook(kUnapproved), {"web1"});
  run_until([&] { return fleet.runs().size() == 1; });
  crash();
  fleet.lose(web1_);  // as if it had never come
  sql("UPDATE attempt SET status = 'dispatched', dispatched_at = now() + interval '1 day'");
  start();
  run_until([&] { return fleet.runs().size() == 2; });
  const auto latest = std::chrono::system_clock::now() + std::chrono::minutes(5);
  EXPECT_LE(fleet.runs()[1].expires_at, latest);
  EXPECT_EQ(fleet.runs()[1].attempt, fleet.runs()[0].attempt);
}

TEST_F(DispatchTest, WhatAgentsRefuseForWhatItIsIsTold) {
  std::string code;
  script = [&code](const RunCommand&) { return Script{.refused = "no", .refused_code = code}; };
  start();
  for (const char* told_of : {"policy", "bad_signature", "bad_digest", "replayed"}) {
    code = told_of;
    const auto before = told().size();
    const auto execution = execute(add_runbook(kUnapproved), {"web1", "web2"});
    wait_for(execution, "failed");
    std::string hosts;
    for (std::size_t i = before; i < told().size(); ++i) {
      const auto row = told()[i];
      EXPECT_EQ(row.object, execution.str());
      EXPECT_EQ(row.result, "refused");
      EXPECT_EQ(row.reason, code + ": no");
      hosts += row.changes;
    }
    EXPECT_NE(hosts.find("web1"), std::string::npos) << hosts;
    EXPECT_NE(hosts.find("web2"), std::string::npos) << hosts;
    EXPECT_EQ(outcomes(step_of(execution, "one"))["web1"].status, "not_started");
  }
  const auto before = told().size();
  code = "unknown_user";  // the host could not, nobody said no
  wait_for(execute(add_runbook(kUnapproved), {"web1"}), "failed");
  EXPECT_EQ(told().size(), before);
}

// A proxy sends an agent what the controller did not: the agent says so, and is not cut off for it.
TEST_F(DispatchTest, WhatAnAgentWasNotSentIsToldToo) {
  start();
  wait_for(execute(add_runbook(kUnapproved), {"web1"}), "completed");
  const auto replayed = fleet.runs()[0].attempt;
  engine().refused(web1_, Refused{replayed, "replayed", "closed"});
  engine().refused(web1_, Refused{runtime::new_uuid(), "bad_signature", "not signed"});
  run_until_stored([&] { return told().size() == 2; });
  auto rows = told();  // each is told of on its own, in either order
  std::ranges::sort(rows, {}, &Told::reason);
  EXPECT_EQ(rows[0].reason, "bad_signature: not signed");
  EXPECT_EQ(rows[1].reason, "replayed: closed");
  EXPECT_EQ(rows[1].object, web1_.str());
  EXPECT_NE(rows[1].changes.find(replayed.str()), std::string::npos);
  EXPECT_EQ(fleet.drops(), 0u);
  EXPECT_EQ(outcomes(fleet.runs()[0].step)["web1"].status, "success");
}

}  // namespace
}  // namespace runbook::testing
