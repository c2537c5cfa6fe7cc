// Every way to change the trail with the database alone is found, and the first bad row is named.
#include <gmock/gmock.h>

#include <fstream>

#include "controller/auth/secret.hpp"
#include "tests/integration/audit/audit_fixture.hpp"

namespace runbook::audit {
namespace {

using ::testing::HasSubstr;

class TamperingTest : public AuditTest {
 protected:
  TamperingTest() {
    append(10);
    checkpoint();
  }
};

TEST_F(TamperingTest, AnUntouchedTrailIsGood) {
  append(3);
  const auto found = verified();
  EXPECT_TRUE(found.valid) << found.reason.value_or("");
  EXPECT_EQ(found.checked, 13);
  ASSERT_TRUE(found.checkpoint);
  EXPECT_EQ(found.checkpoint->id, 10);
}

TEST_F(TamperingTest, AnEditOfAnyColumnIsFound) {
  for (const auto* edit :
       {"at = at + interval '1 microsecond'", "person_id = gen_random_uuid()", "person = 'eve'",
        "person = ''", "key_id = gen_random_uuid()", "key_name = 'k'", "action = 'runbook.delete'",
        "object_type = 'agent'", "object_id = gen_random_uuid()", "object_name = 'x'", "object_name = NULL",
        "result = 'refused'", "reason = 'r'", "address = '::1'", "request_id = 'r'", "changes = NULL",
        R"(changes = '{"title":{"before":null,"after":"x"}}')", "mac = decode(repeat('00', 32), 'hex')"}) {
    sql("CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = 4");
    tamper(std::string("UPDATE audit_event SET ") + edit + " WHERE id = 4");
    EXPECT_EQ(first_bad(), 4) << edit;
    tamper(
        "DELETE FROM audit_event WHERE id = 4; INSERT INTO audit_event SELECT * FROM kept; DROP TABLE kept");
    EXPECT_EQ(first_bad(), 0) << edit;
  }
}

TEST_F(TamperingTest, WhiteSpaceInTheChangesIsFound) {
  tamper("UPDATE audit_event SET changes = (changes::text || ' ')::json WHERE id = 5");
  EXPECT_EQ(first_bad(), 5);
}

TEST_F(TamperingTest, AnInsertIsFound) {
  tamper(
      "INSERT INTO audit_event SELECT 11, now(), person_id, 'eve', key_id, key_name, action, object_type, "
      "object_id, object_name, result, reason, address, request_id, changes, mac FROM audit_event WHERE id = "
      "10");
  EXPECT_EQ(first_bad(), 11);
}

TEST_F(TamperingTest, AnInsertInTheMiddleIsFound) {
  tamper(
      "UPDATE audit_event SET id = id + 1000 WHERE id > 6; UPDATE audit_event SET id = id - 999 WHERE id > "
      "1000; "
      "INSERT INTO audit_event SELECT 7, at, person_id, person, key_id, key_name, action, object_type, "
      "object_id, object_name, result, reason, address, request_id, changes, mac FROM audit_event WHERE id = "
      "6");
  EXPECT_EQ(first_bad(), 7);
}

TEST_F(TamperingTest, ADeletionIsFound) {
  tamper("DELETE FROM audit_event WHERE id = 5");
  EXPECT_EQ(first_bad(), 5);
  tamper("UPDATE audit_event SET id = id - 1 WHERE id > 5");
  EXPECT_EQ(first_bad(), 5);
}

TEST_F(TamperingTest, ADeletionOfTheBeginningIsFound) {
  tamper("DELETE FROM audit_event WHERE id <= 3");
  EXPECT_EQ(first_bad(), 1);
}

TEST_F(TamperingTest, AnotherOrderIsFound) {
  tamper(
      "UPDATE audit_event SET id = 1003 WHERE id = 3; UPDATE audit_event SET id = 3 WHERE id = 8; "
      "UPDATE audit_event SET id = 8 WHERE id = 1003");
  EXPECT_EQ(first_bad(), 3);
}

TEST_F(TamperingTest, ACutTailIsFound) {
  tamper("DELETE FROM audit_event WHERE id > 8");
  const auto found = verified();
  EXPECT_FALSE(found.valid);
  EXPECT_EQ(found.first_bad, 9);
  EXPECT_EQ(found.checked, 8);
}

TEST_F(TamperingTest, AnEmptiedTrailIsFound) {
  tamper("TRUNCATE audit_event");
  EXPECT_EQ(first_bad(), 1);
}

TEST_F(TamperingTest, ACutTailThatTheControllerWroteOverIsFound) {
  tamper("DELETE FROM audit_event WHERE id > 8");
  append(7);  // with good codes: the controller does not look back
  EXPECT_EQ(first_bad(), 10);
  checkpoint();  // nor does another checkpoint make it good
  EXPECT_EQ(first_bad(), 10);
}

TEST_F(TamperingTest, ARestampWithoutTheKeyIsFound) {
  const store::AuditTrail guessed(std::string(32, 'x'));
  tamper("UPDATE audit_event SET person = 'eve' WHERE id = 2");
  const auto rows = testing::await(rows_.chain(0, 100));
  std::string previous = rows.front().mac;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    previous = guessed.mac(previous, rows[i].row);
    sql("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only");
    sql("UPDATE audit_event SET mac = decode('" + auth::hex(previous) +
        "', 'hex') WHERE id = " + std::to_string(rows[i].row.id));
  }
  EXPECT_EQ(first_bad(), 2);
  EXPECT_EQ(verified(guessed).first_bad, 1);
}

TEST_F(TamperingTest, AChangedCheckpointFileIsFound) {
  std::ofstream file(audit_.audit.checkpoints.path(), std::ios::app);
  file << R"({"id":9,"count":9,"mac":")" << std::string(64, 'a')
       << R"(","at":"2026-11-22T00:00:00Z","signature":")" << std::string(64, 'b') << "\"}\n";
  file.close();
  const auto found = verified();
  EXPECT_FALSE(found.valid);
  EXPECT_FALSE(found.first_bad);
  EXPECT_THAT(found.reason.value_or(""), HasSubstr("Line 2"));
}

TEST_F(TamperingTest, ACheckpointThatACrashCutShortIsPassedOver) {
  std::ofstream(audit_.audit.checkpoints.path(), std::ios::app) << R"({"id":9,"co)";
  EXPECT_EQ(first_bad(), 0);
  append(1);
  checkpoint();
  EXPECT_EQ(verified().checkpoint->id, 11);
}

TEST_F(TamperingTest, TheDatabaseItselfRefusesChangesByMistake) {
  for (const auto* statement :
       {"UPDATE audit_event SET person = 'eve'", "DELETE FROM audit_event", "TRUNCATE audit_event"}) {
    EXPECT_ANY_THROW(sql(statement)) << statement;
  }
  EXPECT_EQ(first_bad(), 0);
}

TEST_F(TamperingTest, WhatWasRolledBackLeavesNoRowAndNoGap) {
  const auto refused = database().transact_here("refused", [&](pqxx::work& work) -> Result<void> {
    store::append_audit(work, audit_.origin(), event("never"));
    return failure(ErrorCode::kConflict, "No.");
  });
  EXPECT_FALSE(refused);
  append(1);
  EXPECT_EQ(verified().checked, 11);
  EXPECT_EQ(first_bad(), 0);
}

}  // namespace
}  // namespace runbook::audit
