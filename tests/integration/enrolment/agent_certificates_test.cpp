#include "controller/store/agent_certificates.hpp"

#include "protocol/runtime/random.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::store {
namespace {

using testing::await;

const std::string kOld(64, 'a');
const std::string kNew(64, 'b');

class AgentCertificatesTest : public testing::PostgresTest {
 protected:
  Uuid add(const std::string& name, const std::string& issuer, const std::string& trusts) {
    const auto id = runtime::new_uuid();
    sql("INSERT INTO agent (id, name, labels, certificate_serial, certificate_until) VALUES ('" + id.str() +
        "', '" + name + "', '{}', '" + name + "', now() + interval '1 day')");
    sql("INSERT INTO agent_certificate (serial, agent_id, issuer, trusts, not_after) VALUES ('" + name +
        "', '" + id.str() + "', '" + issuer + "', '{" + trusts + "}', now() + interval '1 day')");
    return id;
  }
  AgentCertificates::Standing standing(std::vector<std::string> authorities) {
    return await(certificates_.standing(std::move(authorities)));
  }

  testing::TestAudit audit_;
  AgentCertificates certificates_{database()};
};

TEST_F(AgentCertificatesTest, TellHowFarARolloverIs) {
  add("web-1", kOld, kOld);
  add("web-2", kOld, kOld + "," + kNew);
  add("web-3", kNew, kOld + "," + kNew);
  const auto gone = add("web-4", kOld, kOld);
  sql("UPDATE agent SET revoked_at = now() WHERE id = '" + gone.str() + "'");

  const auto told = standing({kOld, kNew});
  EXPECT_EQ(told.agents, 3);
  ASSERT_EQ(told.authorities.size(), 2U);
  EXPECT_EQ(told.authorities[0].trusted, 3);
  EXPECT_EQ(told.authorities[0].issued, 2);
  EXPECT_EQ(told.authorities[1].trusted, 2);
  EXPECT_EQ(told.authorities[1].issued, 1);
  EXPECT_EQ(told.behind, 2);
  EXPECT_EQ(told.examples, (std::vector<std::string>{"web-1", "web-3"}));
  EXPECT_EQ(standing({kNew, kOld}).examples, (std::vector<std::string>{"web-1", "web-2"}));
}

TEST_F(AgentCertificatesTest, ARenewalOfARevokedAgentStoresNothing) {
  const auto agent = add("web-1", kOld, kOld);
  sql("UPDATE agent SET revoked_at = now()");
  const auto refused =
      await(certificates_.renew(agent, "web-1", {"next", {}, kNew, {kNew}}, audit_.origin()));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(sql("SELECT count(*) FROM agent_certificate")[0][0].as<int>(), 1);
  EXPECT_EQ(sql("SELECT count(*) FROM audit_event")[0][0].as<int>(), 0);
}

}  // namespace
}  // namespace runbook::store
