#include "controller/store/agent_presence.hpp"

#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::store {
namespace {

using std::chrono_literals::operator""s;
using testing::await;

class AgentPresenceTest : public testing::PostgresTest {
 protected:
  AgentPresenceTest() {
    sql("INSERT INTO controller_instance (id) VALUES ('" + instance_.str() + "')");
    sql("INSERT INTO agent (id, name, labels, certificate_serial, certificate_until) VALUES ('" +
        agent_.str() + "', 'web-1', '{}', 'a1', now() + interval '1 day')");
  }

  void arrive() {
    await(presence_.store(instance_, {{.agent = agent_, .connected = true, .version = "0.1.0"}}));
  }
  void leave(std::chrono::milliseconds silent_for, const Uuid& instance) {
    await(presence_.store(instance, {{.agent = agent_, .connected = false, .silent_for = silent_for}}));
  }
  bool holds(const std::string& condition) {
    return db::boolean(sql("SELECT " + condition + " FROM agent")[0][0]);
  }

  Uuid instance_ = runtime::new_uuid();
  Uuid agent_ = runtime::new_uuid();
  AgentPresence presence_{database()};
};

TEST_F(AgentPresenceTest, AnAgentThatCameWasSeenNow) {
  arrive();
  EXPECT_TRUE(holds("connected_to IS NOT NULL AND last_seen > now() - interval '5 seconds'"));
}

// Shown as unreachable 15 s after its last byte: what the link needed to notice used to be added.
TEST_F(AgentPresenceTest, AnAgentThatFellSilentWasSeenWhenItWasLastHeard) {
  arrive();
  leave(15s, instance_);
  EXPECT_TRUE(holds("connected_to IS NULL"));
  EXPECT_TRUE(holds("last_seen <= now() - interval '15 seconds'"));
  EXPECT_TRUE(holds("last_seen > now() - interval '20 seconds'"));
}

TEST_F(AgentPresenceTest, AnotherControllersAgentIsLeftAlone) {
  arrive();
  leave(15s, runtime::new_uuid());
  EXPECT_TRUE(holds("connected_to IS NOT NULL AND last_seen > now() - interval '5 seconds'"));
}

}  // namespace
}  // namespace runbook::store
