#include "controller/auth/secret.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace runbook::auth {
namespace {

TEST(Secret, DigestsAreTheStandardOnes) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Secret, Base64UrlIsRfc4648WithoutPadding) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xFF\xFE\xFD"), "__79");
}

TEST(Secret, IsTheSameOnlyByteForByte) {
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
  EXPECT_FALSE(same_secret("abc", "abcd"));
}

TEST(ApiKey, HasItsForm) {
  const auto key = new_api_key();
  EXPECT_EQ(key.text.size(), 60u);
  EXPECT_TRUE(key.text.starts_with("rbk_" + key.prefix + "_"));
  EXPECT_EQ(key.prefix.size(), 12u);
  EXPECT_EQ(key.digest, sha256(key.text));
  EXPECT_EQ(api_key_prefix(key.text), key.prefix);
}

TEST(ApiKey, TenThousandDifferEverywhere) {
  std::set<std::string> keys;
  std::set<std::string> prefixes;
  std::array<std::set<char>, 43> seen;
  for (int i = 0; i < 10'000; ++i) {
    const auto key = new_api_key();
    keys.insert(key.text);
    prefixes.insert(key.prefix);
    for (std::size_t at = 0; at < seen.size(); ++at) seen[at].insert(key.text[17 + at]);
  }
  EXPECT_EQ(keys.size(), 10'000u);
  EXPECT_EQ(prefixes.size(), 10'000u);
  // 256 bits: 42 characters of six bits and one of four.
  for (std::size_t at = 0; at + 1 < seen.size(); ++at) EXPECT_EQ(seen[at].size(), 64u) << at;
  EXPECT_EQ(seen.back().size(), 16u);
}

TEST(ApiKey, EverythingElseIsNone) {
  const auto good = new_api_key().text;
  EXPECT_TRUE(api_key_prefix(good));
  auto upper = good;
  upper[5] = 'A';
  auto dotted = good;
  dotted[30] = '.';
  auto joined = good;
  joined[16] = 'a';
  for (const auto& key : {std::string(), good.substr(1), good + "A", " " + good, good + "\n", upper, dotted,
                          joined, std::string(60, 'a'), std::string(1 << 20, 'r'),
                          good.substr(0, 20) + std::string(1, '\0') + good.substr(21)}) {
    EXPECT_FALSE(api_key_prefix(key)) << key.substr(0, 80);
  }
}

TEST(EnrollmentToken, IsSafeInAShell) {
  const auto token = new_enrollment_token();
  EXPECT_EQ(token.text.size(), 47u);
  EXPECT_TRUE(token.text.starts_with("rbe_"));
  EXPECT_EQ(token.text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_EQ(token.digest, sha256(token.text));
}

}  // namespace
}  // namespace runbook::auth
