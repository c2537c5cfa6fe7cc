#include <thread>
#include <vector>

#include "tests/integration/audit/audit_fixture.hpp"

namespace runbook::audit {
namespace {

class ConcurrencyTest : public AuditTest {};

// Two controllers with eight sessions each: the chain never forks.
TEST_F(ConcurrencyTest, ManyWritersKeepOneChain) {
  constexpr int kWriters = 8;
  constexpr int kRows = 40;
  db::Database other({.url = url(), .connections = kWriters});
  std::vector<std::thread> writers;
  for (auto* through : {&database(), &other}) {
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([this, through, writer] {
        for (int i = 0; i < kRows; ++i) {
          const bool kept = i % 4 != 0;
          (void)through->transact_here("append", [&](pqxx::work& work) -> Result<void> {
            store::append_audit(work, audit_.origin(), event(std::to_string(writer)));
            if (kept) return {};
            return failure(ErrorCode::kConflict, "rolled back");
          });
        }
      });
    }
  }
  for (auto& writer : writers) writer.join();
  const auto found = verified();
  EXPECT_TRUE(found.valid) << found.reason.value_or("");
  EXPECT_EQ(found.checked, 2 * kWriters * kRows * 3 / 4);
}

}  // namespace
}  // namespace runbook::audit
