// An approval is for what was shown and nothing else (SECURITY S14): whatever is changed between the question
// and the run, be it in the database, nothing runs that was not approved.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <random>

#include "db/parameters.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

constexpr auto kContent = R"({"title": "Test", "description": "", "labels": {},
  "parameters": [{"name": "who", "type": "string", "required": true}],
  "blocks": [{"id": "00000000-0000-4000-8000-000000000001", "name": "One", "slug": "one", "type": "command",
    "order": 0, "config": {"command": "echo ${{ params.who }}", "run_as": "deploy",
      "working_directory": "/srv/app", "environment": {"MODE": "careful"},
      "approval": {"required": 1, "other_person": false, "expires_seconds": 3600}}}]})";

// {0}: the execution's id. Each is one edit by somebody who may write to the database.
struct Edit {
  const char* what;
  const char* statement;
};
constexpr Edit kEdits[] = {
    {"the command's text",
     "UPDATE runbook_version SET content = replace(content::text, 'echo', 'rm -rf')::json WHERE id = "
     "(SELECT version_id FROM execution WHERE id = '{0}')"},
    {"a variable of the block",
     "UPDATE runbook_version SET content = replace(content::text, 'careful', 'wild')::json WHERE id = "
     "(SELECT version_id FROM execution WHERE id = '{0}')"},
    {"the folder",
     "UPDATE runbook_version SET content = replace(content::text, '/srv/app', '/etc')::json WHERE id = "
     "(SELECT version_id FROM execution WHERE id = '{0}')"},
    {"the user",
     "UPDATE runbook_version SET content = replace(content::text, '\"deploy\"', '\"root\"')::json WHERE id = "
     "(SELECT version_id FROM execution WHERE id = '{0}')"},
    {"the shell",
     "UPDATE runbook_version SET content = replace(content::text, '\"run_as\"', '\"shell\": \"/bin/bash\", "
     "\"run_as\"')::json WHERE id = (SELECT version_id FROM execution WHERE id = '{0}')"},
    {"the program",
     "UPDATE execution_step SET frozen = (frozen::jsonb || '{{\"argv\": [\"reboot\"]}}')::json "
     "WHERE job_id = '{0}'"},
    {"how long it may take",
     "UPDATE runbook_version SET content = replace(content::text, '\"run_as\"', '\"timeout_seconds\": 9, "
     "\"run_as\"')::json WHERE id = (SELECT version_id FROM execution WHERE id = '{0}')"},
    {"the script",
     "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{{script}}', '\"reboot\"')::json "
     "WHERE job_id = '{0}'"},
    {"a substituted value",
     "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{{values}}', "
     "'{{\"RUNBOOK_VALUE_1\": \"eve\"}}')::json WHERE job_id = '{0}'"},
    {"a variable",
     "UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{{environment}}', "
     "'{{\"LD_PRELOAD\": \"/tmp/x.so\"}}')::json WHERE job_id = '{0}'"},
    {"a parameter", "UPDATE execution SET parameters = '{{\"who\": \"eve\"}}' WHERE id = '{0}'"},
    {"the agent",
     "UPDATE attempt SET agent_id = (SELECT id FROM agent WHERE name = 'web2') WHERE step_id IN "
     "(SELECT id FROM execution_step WHERE job_id = '{0}')"},
    {"the host's name",
     "UPDATE attempt SET host = 'web9' WHERE step_id IN "
     "(SELECT id FROM execution_step WHERE job_id = '{0}')"},
    {"the host's labels",
     "UPDATE attempt SET labels = '{{\"env\": \"prod\"}}' WHERE step_id IN "
     "(SELECT id FROM execution_step WHERE job_id = '{0}')"},
    {"one host more",
     "INSERT INTO attempt (id, step_id, job_id, agent_id, host, labels, host_index, number, status) "
     "SELECT gen_random_uuid(), step_id, job_id, (SELECT id FROM agent WHERE name = 'web2'), 'web2', labels, "
     "1, "
     "number, 'queued' FROM attempt WHERE step_id IN (SELECT id FROM execution_step WHERE job_id = '{0}')"},
    {"the version",
     "UPDATE execution SET version_id = (SELECT v.id FROM runbook_version v WHERE v.version_number = 2 AND "
     "v.runbook_id = execution.runbook_id) WHERE id = '{0}'"},
    {"a credential",
     "UPDATE execution_step SET frozen = (frozen::jsonb || '{{\"credentials\": [{{\"id\": "
     "\"00000000-0000-4000-8000-000000000009\", \"name\": \"root\"}}]}}')::json WHERE job_id = '{0}'"},
    {"the digest itself",
     "UPDATE execution_step SET approval = jsonb_set(approval::jsonb, '{{digest}}', to_jsonb(repeat('0', "
     "64)))::json WHERE job_id = '{0}'"},
    {"the seal", "UPDATE execution_step SET frozen = (frozen::jsonb - 'seal')::json WHERE job_id = '{0}'"},
};

class ApprovalBindingTest : public EngineTest {
 protected:
  ApprovalBindingTest() {
    web1_ = add_agent("web1");
    add_agent("web2");
    script = [](const RunCommand&) { return Script{}; };
  }

  // One session for all of it, where the fixture's opens one each time.
  pqxx::result sql(const std::string& statement) {
    if (!session_) session_.emplace(url());
    pqxx::nontransaction work{*session_};
    return work.exec(statement);
  }

  struct Asked {
    Uuid execution = {};
    Uuid version = {};
    Uuid step = {};
    std::string digest = {};
    std::optional<bool> approved = {};  // what became of the approval
  };

  // Runbooks of their own, so that an edit of a version is of nobody else's; begun all at the same time.
  std::vector<Asked> begin(std::size_t count) {
    const auto rows = sql(fmt::format(
        "WITH made AS (INSERT INTO runbook (id, title, description, labels, version_number, created_by) "
        "SELECT gen_random_uuid(), 'Test', '', '{{}}', 1, '{0}' FROM generate_series(1, {1}) RETURNING id), "
        "versions AS (INSERT INTO runbook_version (id, runbook_id, version_number, content, created_by) "
        "SELECT gen_random_uuid(), id, n, $json${2}$json$::json, '{0}' FROM made, generate_series(1, 2) n "
        "RETURNING id, runbook_id, version_number) "
        "SELECT runbook_id, id FROM versions WHERE version_number = 1",
        person.str(), count, kContent));
    std::vector<Asked> batch(count);
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < count; ++i) {
      auto asked = request(db::uuid(rows[static_cast<pqxx::result::size_type>(i)][0]), {"web1"});
      asked.version = batch[i].version = db::uuid(rows[static_cast<pqxx::result::size_type>(i)][1]);
      asked.approval = "each";
      asked.parameters = {{"who", "ada"}};
      const auto over = [&, i](const std::exception_ptr& error, const Result<engine::Accepted>& answer) {
        ASSERT_TRUE(!error && answer.has_value());
        batch[i].execution = answer->execution;
        ++accepted;
      };
      boost::asio::co_spawn(io(), engine().execute(asked, origin()), over);
    }
    run_until([&] { return accepted == count; });
    return batch;
  }

  static std::string ids_of(const std::vector<Asked>& batch) {
    std::string ids;
    for (const auto& asked : batch)
      ids += fmt::format("{}'{}'", ids.empty() ? "" : ", ", asked.execution.str());
    return ids;
  }

  // Until each of them asks for its approval.
  void wait_until_asked(std::vector<Asked>& batch) {
    const auto asking =
        "SELECT job_id, id, approval->>'digest' FROM execution_step WHERE slug = 'one' AND "
        "status = 'awaiting_approval' AND job_id IN (" +
        ids_of(batch) + ")";
    pqxx::result rows;
    run_until_stored([&] {
      rows = sql(asking);
      return static_cast<std::size_t>(rows.size()) == batch.size();
    });
    for (const auto& row : rows) {
      const auto asked = std::ranges::find(batch, db::uuid(row[0]), &Asked::execution);
      asked->step = db::uuid(row[1]);
      asked->digest = db::text(row[2]);
    }
  }

  Asked begin_and_wait() {
    auto batch = begin(1);
    wait_until_asked(batch);
    return batch.front();
  }

  bool all_ended(const std::vector<Asked>& batch) {
    std::string ids;
    for (const auto& asked : batch) {
      if (!asked.approved) return false;
      if (*asked.approved) ids += fmt::format("{}'{}'", ids.empty() ? "" : ", ", asked.execution.str());
    }
    if (ids.empty()) return true;
    return sql("SELECT 1 FROM execution WHERE end_time IS NULL AND id IN (" + ids + ") LIMIT 1").empty();
  }

  Result<engine::Accepted> approve(const Asked& asked) {
    return control(asked.execution, domain::Approve{asked.step, asked.digest});
  }

  // Approves at the same time as what follows.
  void start_to_approve(Asked& asked) {
    const domain::Actor actor{.person = person,
                              .name = "somebody",
                              .reach = domain::Reach::everything(),
                              .approves_any = domain::Reach::everything()};
    const auto over = [&asked](const std::exception_ptr& error, const Result<engine::Accepted>& answer) {
      asked.approved = !error && answer.has_value();
    };
    boost::asio::co_spawn(
        io(), engine().control(asked.execution, domain::Approve{asked.step, asked.digest}, actor, origin()),
        over);
  }

  // As if the controller were lost between the commit of the approval and what it leads to.
  void store_approval(const Asked& asked) {
    sql(
        fmt::format("UPDATE execution_step SET approval = jsonb_set(approval::jsonb, '{{given}}', "
                    "'[{{\"by\": \"{}\", \"at\": \"2026-01-01T00:00:00Z\", \"note\": \"\"}}]')::json WHERE "
                    "id = '{}'",
                    person.str(), asked.step.str()));
  }

  void edit(const Edit& change, const Asked& asked) {
    sql(fmt::format(fmt::runtime(change.statement), asked.execution.str()));
  }

  // Whatever this execution ran, be it nothing, is what was shown.
  std::size_t expect_only_approved(const Asked& asked, const char* what) {
    std::size_t runs = 0;
    for (const auto& run : fleet.runs()) {
      if (run.execution != asked.execution) continue;
      ++runs;
      EXPECT_EQ(root_digest(asked.execution, asked.version, asked.step, {leaf_digest(leaf_of(run, web1_))}),
                asked.digest)
          << what;
    }
    EXPECT_LE(runs, 1u) << what;
    return runs;
  }

  void end(const Asked& asked) {
    run_until_stored([&] { return ended_stored(asked.execution); });
  }

  Uuid web1_;
  std::optional<pqxx::connection> session_;
};

TEST_F(ApprovalBindingTest, WhatWasShownRuns) {
  start();
  const auto asked = begin_and_wait();
  ASSERT_TRUE(approve(asked));
  wait_for(asked.execution, "completed");
  EXPECT_EQ(expect_only_approved(asked, "nothing"), 1u);
}

// The controller that asked is gone: the next one knows only what the database says.
TEST_F(ApprovalBindingTest, AnEditBeforeTheApprovalVoidsIt) {
  for (const auto& change : kEdits) {
    SCOPED_TRACE(change.what);
    start();
    const auto asked = begin_and_wait();
    crash();
    edit(change, asked);
    start();
    if (approve(asked)) end(asked);
    crash();
    EXPECT_EQ(expect_only_approved(asked, change.what), 0u);
  }
}

TEST_F(ApprovalBindingTest, AnEditBetweenApprovalAndRunVoidsIt) {
  for (const auto& change : kEdits) {
    SCOPED_TRACE(change.what);
    start();
    const auto asked = begin_and_wait();
    crash();
    store_approval(asked);
    edit(change, asked);
    start();
    end(asked);
    crash();
    EXPECT_EQ(expect_only_approved(asked, change.what), 0u);
  }
  start();
  const auto asked = begin_and_wait();
  crash();
  store_approval(asked);
  start();
  wait_for(asked.execution, "completed");
  EXPECT_EQ(expect_only_approved(asked, "without an edit"), 1u);
}

TEST_F(ApprovalBindingTest, AnotherDigestIsRefused) {
  start();
  auto asked = begin_and_wait();
  const auto shown = asked.digest;
  for (const auto& digest : {std::string(64, '0'), std::string(), shown.substr(1), shown + "0"}) {
    asked.digest = digest;
    const auto approved = approve(asked);
    ASSERT_FALSE(approved);
    EXPECT_EQ(approved.error().code, ErrorCode::kConflict);
  }
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(ApprovalBindingTest, AnApprovalIsForOneRun) {
  start();
  const auto first = begin_and_wait();
  ASSERT_TRUE(approve(first));
  wait_for(first.execution, "completed");
  EXPECT_FALSE(approve(first));
  const auto second = begin_and_wait();
  EXPECT_NE(second.digest, first.digest);
  for (const auto& digest : {first.digest, second.digest}) {
    EXPECT_FALSE(control(second.execution, domain::Approve{first.step, digest}));
  }
  EXPECT_FALSE(control(second.execution, domain::Approve{second.step, first.digest}));
  EXPECT_EQ(fleet.runs().size(), 1u);
}

// A thousand times somebody approves while somebody else edits: at any moment, in either order.
TEST_F(ApprovalBindingTest, InAThousandRacesNothingRunsThatWasNotShown) {
  constexpr std::size_t kRaces = 1000;
  constexpr std::size_t kAtOnce = 50;
  constexpr std::size_t kLatest = 30;
  std::mt19937 random(20261122);
  std::size_t ran = 0;
  std::size_t refused = 0;
  start();
  for (std::size_t done = 0; done < kRaces; done += kAtOnce) {
    auto batch = begin(kAtOnce);
    wait_until_asked(batch);
    // An edit comes before the approval begins, or after up to that many others began.
    std::vector<std::vector<std::size_t>> edits(kAtOnce + kLatest);
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      const bool edit_first = random() % 3 == 0;
      if (edit_first) edit(kEdits[random() % std::size(kEdits)], batch[i]);
      start_to_approve(batch[i]);
      if (!edit_first) edits[i + random() % kLatest].push_back(i);
      for (auto handlers = random() % 6; handlers > 0; --handlers) {
        io().run_one_for(std::chrono::milliseconds{1});
      }
      for (const auto late : edits[i]) edit(kEdits[random() % std::size(kEdits)], batch[late]);
    }
    for (auto i = kAtOnce; i < edits.size(); ++i) {
      for (const auto late : edits[i]) edit(kEdits[random() % std::size(kEdits)], batch[late]);
    }
    run_until_stored([&] { return all_ended(batch); });
    for (const auto& asked : batch) {
      (expect_only_approved(asked, "a race") == 1 ? ran : refused) += 1;
    }
    if (HasFailure()) return;
  }
  EXPECT_EQ(ran + refused, kRaces);
  EXPECT_GT(ran, 0u);
  EXPECT_GT(refused, 0u);
  RecordProperty("ran as shown", static_cast<int>(ran));
}

}  // namespace
}  // namespace runbook::testing
