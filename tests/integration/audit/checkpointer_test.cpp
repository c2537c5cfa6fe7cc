#include <vector>

#include "tests/integration/audit/audit_fixture.hpp"

namespace runbook::audit {
namespace {

class CheckpointerTest : public AuditTest {
 protected:
  std::vector<std::int64_t> kept() {
    std::vector<std::int64_t> ids;
    for (const auto& each : audit_.audit.checkpoints.load().checkpoints) ids.push_back(each.id);
    return ids;
  }
};

using Ids = std::vector<std::int64_t>;

TEST_F(CheckpointerTest, WritesOnlyWhatIsNew) {
  boost::asio::io_context context;
  Checkpointer checkpointer(context.get_executor(), rows_, audit_.audit.checkpoints, database().pool());
  testing::await(context, checkpointer.write());
  EXPECT_EQ(kept(), Ids{});
  append(2);
  testing::await(context, checkpointer.write());
  testing::await(context, checkpointer.write());
  EXPECT_EQ(kept(), Ids{2});
  append(1);
  testing::await(context, checkpointer.write());
  EXPECT_EQ(kept(), (Ids{2, 3}));
  EXPECT_EQ(audit_.audit.checkpoints.load().checkpoints.back().count, 3);
}

TEST_F(CheckpointerTest, WritesOneAtTheStop) {
  boost::asio::io_context context;
  Checkpointer checkpointer(context.get_executor(), rows_, audit_.audit.checkpoints, database().pool());
  checkpointer.start();
  append(4);
  auto stop = [](Checkpointer& one) -> boost::asio::awaitable<void> { co_await one.stop(); };
  testing::await(context, stop(checkpointer));
  ASSERT_FALSE(kept().empty());
  EXPECT_EQ(kept().back(), 4);
}

TEST_F(CheckpointerTest, IsForTheOwnerOnly) {
  append(1);
  checkpoint();
  const auto mode = std::filesystem::status(audit_.audit.checkpoints.path()).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace runbook::audit
