#include "protocol/messages/dispatch_signature.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/altered_dispatch.hpp"
#include "tests/unit/protocol/vectors.hpp"

namespace runbook::testing {
namespace {

namespace json = boost::json;

const DispatchTarget kTarget = {.agent = *Uuid::parse("0198c5a2-0000-7000-8000-000000000010"),
                                .incarnation = *Uuid::parse("0198c5a2-0000-7000-8000-000000000011")};

RunCommand signed_command(const DispatchKey& key) {
  auto run = full_command();
  key.sign(run, kTarget);
  return run;
}

DispatchVerifier verifier_of(const DispatchKey& key) {
  return DispatchVerifier::of(key.public_key()).value();
}

TEST(DispatchSignature, IsTheVectorsSignature) {
  const auto vectors = read_vectors("dispatch_signatures.json");
  const auto key = DispatchKey::load(text_of(vectors, "private_key"));
  EXPECT_EQ(key.public_key(), text_of(vectors, "public_key"));
  const DispatchTarget target{.agent = *Uuid::parse(text_of(vectors, "agent")),
                              .incarnation = *Uuid::parse(text_of(vectors, "incarnation"))};
  const auto verifier = verifier_of(key);
  for (const auto& entry : vectors.at("signed").as_array()) {
    const auto& vector = entry.as_object();
    const auto decoded = decode_controller_message(json::serialize(vector.at("message")));
    ASSERT_TRUE(decoded) << text_of(vector, "name");
    auto run = std::get<RunCommand>(*decoded);
    EXPECT_EQ(signed_digest(run, target), text_of(vector, "digest")) << text_of(vector, "name");
    EXPECT_TRUE(verifier.accepts(run, target)) << text_of(vector, "name");
    const auto signature = std::exchange(run.signature, "");
    key.sign(run, target);
    EXPECT_EQ(run.signature, signature) << text_of(vector, "name");
  }
}

TEST(DispatchSignature, HoldsForWhatWasSignedOnly) {
  const auto key = DispatchKey::create();
  const auto verifier = verifier_of(key);
  const auto run = signed_command(key);
  EXPECT_TRUE(verifier.accepts(run, kTarget));
  std::set<std::string> digests = {signed_digest(run, kTarget).value()};
  for (const auto& alteration : alterations()) {
    auto altered = run;
    alteration.alter(altered);
    EXPECT_FALSE(verifier.accepts(altered, kTarget)) << alteration.field;
    if (!alteration.field.starts_with("signature"))
      EXPECT_TRUE(digests.insert(signed_digest(altered, kTarget).value()).second) << alteration.field;
  }
}

TEST(DispatchSignature, IsForOneAgentAndOneOfItsProcesses) {
  const auto key = DispatchKey::create();
  const auto run = signed_command(key);
  auto other = kTarget;
  other.agent.bytes[15] ^= 1;
  EXPECT_FALSE(verifier_of(key).accepts(run, other));
  other = kTarget;
  other.incarnation.bytes[15] ^= 1;
  EXPECT_FALSE(verifier_of(key).accepts(run, other));
}

TEST(DispatchSignature, OfAnotherKeyIsNotAccepted) {
  const auto run = signed_command(DispatchKey::create());
  EXPECT_FALSE(verifier_of(DispatchKey::create()).accepts(run, kTarget));
}

TEST(DispatchSignature, IsMadeForOnePurpose) {
  const auto key = DispatchKey::create();
  auto run = full_command();
  run.signature = key.sign("another purpose", signed_digest(run, kTarget).value());
  EXPECT_FALSE(verifier_of(key).accepts(run, kTarget));
  EXPECT_TRUE(key.has_signed("another purpose", signed_digest(run, kTarget).value(), run.signature));
  EXPECT_FALSE(key.has_signed("another purpos", "e", run.signature));
}

TEST(DispatchSignature, DoesNotDependOnWhatIsNotUtf8) {
  const auto key = DispatchKey::create();
  auto run = signed_command(key);
  run.script = "\xff";
  EXPECT_FALSE(signed_digest(run, kTarget));
  EXPECT_FALSE(verifier_of(key).accepts(run, kTarget));
  EXPECT_THROW(key.sign(run, kTarget), std::runtime_error);
}

TEST(DispatchKey, IsTheSameAfterItWasStored) {
  const auto key = DispatchKey::create();
  const auto again = DispatchKey::load(key.pem());
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_TRUE(verifier_of(key).accepts(signed_command(again), kTarget));
  EXPECT_NE(DispatchKey::create().public_key(), key.public_key());
}

TEST(DispatchKey, IsOnlyReadFromAPrivateEd25519Key) {
  constexpr std::string_view kP256 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n"
      "-----END PRIVATE KEY-----\n";
  for (const std::string_view text : {std::string_view(), std::string_view("no PEM"), kP256})
    EXPECT_THROW(DispatchKey::load(std::string(text)), std::runtime_error) << text;
  for (const std::string_view text : {"", "AAAA", "not base64, but as long as a key would be...."})
    EXPECT_FALSE(DispatchVerifier::of(std::string(text))) << text;
}

}  // namespace
}  // namespace runbook::testing
