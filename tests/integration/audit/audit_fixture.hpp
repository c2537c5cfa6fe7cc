// AuditTest: an audit trail in a fresh database, with a file of checkpoints.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "controller/audit/checkpointer.hpp"
#include "controller/audit/verification.hpp"
#include "controller/store/audit_rows.hpp"
#include "controller/store/audit_store.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::audit {

class AuditTest : public testing::PostgresTest {
 protected:
  static store::AuditEvent event(const std::string& name) {
    store::AuditEvent event{.action = "runbook.create", .object_type = "runbook"};
    event.object_name = name;
    return event.add_change("title", nullptr, boost::json::value(name));
  }

  void append(int rows) {
    for (int i = 0; i < rows; ++i) {
      database().transact_here("append", [&](pqxx::work& work) {
        store::append_audit(work, audit_.origin(), event("row " + std::to_string(i)));
      });
    }
  }

  void checkpoint() {
    boost::asio::io_context context;
    Checkpointer checkpointer(context.get_executor(), rows_, audit_.audit.checkpoints, database().pool());
    testing::await(context, checkpointer.write());
  }

  Verification verified(const store::AuditTrail& trail) {
    return testing::await(verify(rows_, trail, audit_.audit.checkpoints, database().pool()));
  }
  Verification verified() { return verified(audit_.audit.trail); }

  // As somebody who has the database and nothing else.
  void tamper(const std::string& statement) {
    sql("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only");
    sql(statement);
    sql("ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only");
  }

  // The first bad row, 0 when none is.
  std::int64_t first_bad() {
    const auto found = verified();
    EXPECT_EQ(found.valid, !found.first_bad.has_value());
    return found.first_bad.value_or(0);
  }

  testing::TestAudit audit_;
  store::AuditStore rows_{database()};
};

}  // namespace runbook::audit
