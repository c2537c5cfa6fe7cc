#include "controller/engine/step_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runbook::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Header = std::pair<std::string, std::string>;

const std::vector<store::CredentialName>& known() {
  static const std::vector<store::CredentialName> kKnown = {{Uuid{{1}}, "key", "ssh"},
                                                            {Uuid{{2}}, "token", "api"}};
  return kKnown;
}

domain::Block command(std::vector<std::string> names) {
  domain::CommandConfig config;
  config.credentials = std::move(names);
  domain::Block block;
  block.config = std::move(config);
  return block;
}

domain::Block request(std::string name) {
  domain::ApiConfig config;
  config.credential = std::move(name);
  domain::Block block;
  block.config = std::move(config);
  return block;
}

std::vector<std::string> judged(const domain::Block& block) {
  std::vector<std::string> faults;
  for (const auto& fault : judge_credentials(block, known(), "/config"))
    faults.push_back(fault.pointer + " " + fault.code);
  return faults;
}

TEST(StepCredentials, ACommandTakesAnyTypeAndARequestOnlyApi) {
  EXPECT_THAT(judged(command({"key", "token"})), IsEmpty());
  EXPECT_THAT(judged(command({"key", "gone"})), ElementsAre("/config/credentials/1 unknown_credential"));
  EXPECT_THAT(judged(command({"Key", "ke", "key_"})), ::testing::SizeIs(3));
  EXPECT_THAT(judged(request("token")), IsEmpty());
  EXPECT_THAT(judged(request("")), IsEmpty());
  EXPECT_THAT(judged(request("key")), ElementsAre("/config/credential wrong_credential"));
  EXPECT_THAT(judged(request("gone")), ElementsAre("/config/credential unknown_credential"));
}

TEST(StepCredentials, AreFrozenByIdAndName) {
  boost::json::object frozen{{"credentials", frozen_credentials(known())}};
  const auto used = used_credentials(frozen);
  ASSERT_EQ(used.size(), 2U);
  EXPECT_EQ(used[1].id, Uuid{{2}});
  EXPECT_EQ(used[1].name, "token");
  EXPECT_THAT(used_credentials({}), IsEmpty());
}

TEST(StepCredentials, AreSentAsTheirBlockSays) {
  EXPECT_EQ(credential_header("bearer", "t0ken\n").value(), Header("Authorization", "Bearer t0ken"));
  EXPECT_EQ(credential_header("basic", "Aladdin:open sesame").value(),
            Header("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));  // RFC 7617 §2
  EXPECT_EQ(credential_header("header", "X-API-KEY:  abc \n").value(), Header("X-API-KEY", "abc"));
  EXPECT_EQ(credential_header("header", "A: b: c").value(), Header("A", "b: c"));
}

TEST(StepCredentials, ThatCannotBeSentAreRefusedWithoutBeingRepeated) {
  const std::pair<const char*, std::string> wrong[] = {
      {"bearer", ""},           {"bearer", " \n"},
      {"bearer", "a\r\nX: y"},  {"bearer", {"a\0b", 3}},
      {"basic", "secret"},      {"header", "secret"},
      {"header", "se cret: x"}, {"header", ": secret"},
      {"header", "Name:"},      {"header", "Name: a\nOther: b"},
  };
  for (const auto& [auth, secret] : wrong) {
    const auto header = credential_header(auth, secret);
    ASSERT_FALSE(header) << auth << ' ' << secret;
    EXPECT_EQ(header.error().message.find("secret"), std::string::npos);
  }
}

TEST(StepCredentials, AreMaskedInTheirPartsToo) {
  EXPECT_THAT(secrets_in("bearer", "a:b"), ElementsAre("a:b"));
  EXPECT_THAT(secrets_in("basic", "user:pass:word"), ElementsAre("user:pass:word", "pass:word"));
  EXPECT_THAT(secrets_in("header", "Name: value"), ElementsAre("Name: value", "value"));
}

}  // namespace
}  // namespace runbook::engine
