#include <gtest/gtest.h>

#include <functional>

#include "certs/identity.hpp"
#include "tests/unit/certs/made_certificates.hpp"

namespace runbook::certs {
namespace {

const Uuid kAgent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");

struct Shape {
  const char* constraints = "critical,CA:FALSE";
  const char* usage = "clientAuth";
  std::function<void(GENERAL_NAMES&)> names = [](GENERAL_NAMES& list) { add_uri(list, agent_uri(kAgent)); };
};

std::string made(const Shape& shape) {
  const KeyPtr key = new_p256_key();
  CertificateBuilder builder;
  builder.subject("test");
  builder.life(now(), now() + std::chrono::hours{1});
  builder.public_key(key.get());
  builder.extension(NID_basic_constraints, shape.constraints);
  if (shape.usage != nullptr) builder.extension(NID_ext_key_usage, shape.usage);
  if (shape.names) {
    const NamesPtr list = no_names();
    shape.names(*list);
    builder.names(list.get());
  }
  return der_of(builder.sign(key.get()).get());
}

TEST(AgentIdentity, IsTheOneUri) {
  const auto identity = agent_identity(made({}));
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->agent, kAgent);
}

TEST(AgentIdentity, OtherNamesAreRefused) {
  const std::string uri = agent_uri(kAgent);
  const std::vector<std::pair<const char*, std::function<void(GENERAL_NAMES&)>>> cases = {
      {"no name extension", nullptr},
      {"two URIs",
       [&](GENERAL_NAMES& list) {
         add_uri(list, uri);
         add_uri(list, uri);
       }},
      {"a URI and a DNS name",
       [&](GENERAL_NAMES& list) {
         add_uri(list, uri);
         add_dns(list, "localhost");
       }},
      {"a DNS name with the same text", [&](GENERAL_NAMES& list) { add_dns(list, uri); }},
      {"another trust domain",
       [](GENERAL_NAMES& list) { add_uri(list, "spiffe://other/agent/" + kAgent.str()); }},
      {"another kind",
       [](GENERAL_NAMES& list) { add_uri(list, "spiffe://runbook/controller/" + kAgent.str()); }},
      {"no id", [](GENERAL_NAMES& list) { add_uri(list, "spiffe://runbook/agent/"); }},
      {"not an id", [](GENERAL_NAMES& list) { add_uri(list, "spiffe://runbook/agent/web-1"); }},
      {"something after the id", [&](GENERAL_NAMES& list) { add_uri(list, uri + "/x"); }},
      {"a NUL after the id", [&](GENERAL_NAMES& list) { add_uri(list, uri + std::string(1, '\0') + "x"); }},
      {"a NUL at the end", [&](GENERAL_NAMES& list) { add_uri(list, uri + std::string(1, '\0')); }},
      {"capitals",
       [](GENERAL_NAMES& list) {
         add_uri(list, "spiffe://runbook/agent/8B6D4A7E-0C1F-4E2A-9D3B-5F6A7B8C9D0E");
       }},
      {"capitals in the scheme",
       [](GENERAL_NAMES& list) { add_uri(list, "SPIFFE://runbook/agent/" + kAgent.str()); }},
      {"empty", [](GENERAL_NAMES& list) { add_uri(list, ""); }},
  };
  for (const auto& [name, names] : cases) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(agent_identity(made({.names = names})).has_value());
  }
}

TEST(AgentIdentity, OtherPurposesAreRefused) {
  for (const char* usage : {static_cast<const char*>(nullptr), "serverAuth", "clientAuth,serverAuth",
                            "anyExtendedKeyUsage", "codeSigning"})
    EXPECT_FALSE(agent_identity(made({.usage = usage})).has_value()) << (usage ? usage : "none");
  EXPECT_FALSE(agent_identity(made({.constraints = "critical,CA:TRUE"})).has_value());
}

TEST(AgentIdentity, BytesThatAreNotOneCertificateAreRefused) {
  EXPECT_FALSE(agent_identity("").has_value());
  EXPECT_FALSE(agent_identity("not DER").has_value());
  EXPECT_FALSE(agent_identity(made({}) + "x").has_value());
  EXPECT_FALSE(agent_identity(made({}).substr(0, 100)).has_value());
  const FleetAuthority authority = FleetAuthority::create();
  EXPECT_FALSE(agent_identity(der_of(authority.certificate_pem())).has_value());
  EXPECT_FALSE(agent_identity(der_of(authority.issue_controller(now()).certificate.pem)).has_value());
}

}  // namespace
}  // namespace runbook::certs
