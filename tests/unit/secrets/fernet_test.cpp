// The acceptance cases of the Fernet specification (generate, verify, invalid), and what it leaves open.
#include "controller/secrets/fernet.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace runbook::secrets {
namespace {

using std::chrono::seconds;

constexpr auto kKey = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
constexpr auto kOtherKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr auto kHello =
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
constexpr Time kMade{seconds{499'162'800}};  // 1985-10-26T01:20:00-07:00
constexpr seconds kLife{60};

FernetKeys keys(const std::string& text = kKey) { return FernetKeys::parse(text).value(); }

struct Invalid {
  const char* name;
  const char* token;
  Time now;
};

class FernetInvalid : public testing::TestWithParam<Invalid> {};

TEST(Fernet, SealsAsThePublishedVector) {
  std::string iv(16, '\0');
  std::iota(iv.begin(), iv.end(), '\0');
  EXPECT_EQ(keys().seal_with("hello", kMade, iv), kHello);
}

TEST(Fernet, OpensThePublishedVector) {
  EXPECT_EQ(keys().open(kHello, {{kMade + seconds{1}, kLife}}), "hello");
}

TEST_P(FernetInvalid, IsRefused) {
  EXPECT_EQ(keys().open(GetParam().token, {{GetParam().now, kLife}}), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Published, FernetInvalid,
    testing::Values(
        Invalid{"IncorrectMac",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-"
                "fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
                kMade + seconds{1}},
        Invalid{"TooShort", "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==", kMade + seconds{1}},
        Invalid{"InvalidBase64",
                "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-"
                "fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
                kMade + seconds{1}},
        Invalid{"PayloadNotAMultipleOfTheBlock",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-"
                "fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
                kMade + seconds{1}},
        Invalid{"PayloadPadding",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-"
                "JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
                kMade + seconds{1}},
        Invalid{"FarFuture",
                "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-"
                "Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
                kMade + seconds{1}},
        Invalid{"Expired",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-"
                "p1YsUD2Q==",
                kMade + seconds{91}},
        Invalid{"IncorrectIv",
                "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-"
                "fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
                kMade + seconds{1}}),
    [](const auto& each) { return each.param.name; });

TEST(Fernet, OpensWhatItSealedWhateverTheBytes) {
  const auto own = keys();
  for (std::size_t size = 0; size < 70; ++size) {
    std::string plain(size, '\0');
    std::iota(plain.begin(), plain.end(), '\xF0');
    EXPECT_EQ(own.open(own.seal(plain, kMade)), plain);
  }
}

TEST(Fernet, NeverSealsTheSameTextTwiceAlike) {
  const auto own = keys();
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(own.seal("same", kMade));
  EXPECT_EQ(tokens.size(), 100u);
}

TEST(Fernet, FirstKeySealsAndEachOpens) {
  const auto old = keys();
  const auto rotated = keys(std::string(kOtherKey) + ", " + kKey);
  const auto token = old.seal("kept", kMade);
  EXPECT_EQ(rotated.open(token), "kept");
  EXPECT_FALSE(rotated.is_current(token));
  const auto fresh = rotated.seal("kept", kMade);
  EXPECT_TRUE(rotated.is_current(fresh));
  EXPECT_EQ(old.open(fresh), std::nullopt);
}

TEST(Fernet, RefusesATokenChangedInAnyOneBit) {
  const auto own = keys();
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string token = kHello;
  for (std::size_t at = 0; at < token.find('='); ++at) {
    const char before = token[at];
    for (unsigned bit = 1; bit < 64; bit <<= 1U) {
      token[at] = alphabet[alphabet.find(before) ^ bit];
      EXPECT_EQ(own.open(token), std::nullopt) << at << " bit " << bit;
    }
    token[at] = before;
  }
  EXPECT_EQ(own.open(token), "hello");
}

TEST(Fernet, RefusesEveryShorterAndALongerToken) {
  const std::string token = kHello;
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(keys().open(token.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(keys().open(token + "AAAA"), std::nullopt);
  EXPECT_EQ(keys().open(token + "="), std::nullopt);
}

TEST(FernetKeys, FingerprintsTellTextsApartForHoldersOfTheKeyOnly) {
  const auto one = FernetKeys::parse(kKey).value();
  const auto both = FernetKeys::parse(std::string(kKey) + "," + kOtherKey).value();
  const auto other = FernetKeys::parse(kOtherKey).value();
  EXPECT_EQ(one.fingerprint("1234").size(), 32U);
  EXPECT_EQ(one.fingerprint("1234"), both.fingerprint("1234"));
  EXPECT_NE(one.fingerprint("1234"), one.fingerprint("1235"));
  EXPECT_NE(one.fingerprint("1234"), other.fingerprint("1234"));
}

TEST(FernetKeys, AreReadFromALineEach) {
  EXPECT_TRUE(FernetKeys::parse(std::string(kKey) + "\n" + kOtherKey + "\n").has_value());
}

TEST(FernetKeys, AreRefusedWithoutRepeatingThem) {
  for (const std::string wrong : {"", " \n", "short", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4",
                                  "cw_0x689RpI+jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", "AAAA"}) {
    const auto parsed = FernetKeys::parse(wrong);
    ASSERT_FALSE(parsed.has_value()) << wrong;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
    if (wrong.size() > 3) EXPECT_EQ(parsed.error().message.find(wrong), std::string::npos);
  }
  const auto second = FernetKeys::parse(std::string(kKey) + ",nonsense");
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find("Key 2"), std::string::npos);
}

}  // namespace
}  // namespace runbook::secrets
