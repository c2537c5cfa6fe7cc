#include "protocol/messages/masker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "protocol/messages/limits.hpp"
#include "protocol/messages/secret_forms.hpp"

namespace runbook {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kKey =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACBSoaZ9yXbp3hT7oD9yRkqGJ2u0vnrDe1dZ2nRj4C3mVwAAAJgq3n0XKt59\n"
    "FwAA=\n"
    "-----END OPENSSH PRIVATE KEY-----\n";

const std::vector<std::string>& secrets() {
  static const std::vector<std::string> kSecrets = {
      "abcabc",
      "aaaaaa",
      "hunter2-and-more",
      "p@ss w0rd/&+=<\"it's\"\\?",
      "gr\xc3\xbcn \xe2\x98\x83 \xf0\x9f\x94\x91",
      std::string("\x01\xff\xfe", 3) + "binary",
      "token with end\n",
      kKey,
  };
  return kSecrets;
}

std::string mask_pieces(const Masker& masker, const std::vector<std::string_view>& pieces) {
  std::string masked;
  MaskingStream stream(masker);
  for (const auto piece : pieces) stream.feed(piece, masked);
  stream.finish(masked);
  EXPECT_EQ(stream.held(), 0U);
  return masked;
}

std::vector<std::string> all_forms(const std::string& secret) {
  auto [forms, wrapped] = forms_of(secret);
  forms.insert(forms.end(), wrapped.begin(), wrapped.end());
  return forms;
}

TEST(Masker, ReplacesEveryFormWhereverItIsSplit) {
  std::size_t cases = 0;
  for (const auto& secret : secrets()) {
    const Masker masker({secret});
    for (const auto& form : all_forms(secret)) {
      const std::string text = "got [" + form + "] and [" + form + "]";
      const auto whole = masker.mask(text);
      ASSERT_THAT(whole, Not(HasSubstr(form)));
      ASSERT_TRUE(whole.starts_with("got [") && whole.ends_with("]")) << whole;
      for (std::size_t i = 0; i <= text.size(); ++i, ++cases) {
        const std::string_view all = text;
        ASSERT_EQ(mask_pieces(masker, {all.substr(0, i), all.substr(i)}), whole) << form << " at " << i;
      }
      std::vector<std::string_view> bytes;
      for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(std::string_view(text).substr(i, 1));
      ASSERT_EQ(mask_pieces(masker, bytes), whole) << form;
    }
  }
  RecordProperty("splits", static_cast<int>(cases));
  EXPECT_GT(cases, 10'000U);
}

TEST(Masker, LeavesTextWithoutSecretsAsItIs) {
  const Masker masker(secrets());
  const std::string text = "abcab aaaaa hunter2-and-mor\r\n\r\n\xff\xfe plain text, b3Blbn";
  EXPECT_EQ(masker.mask(text), text);
  EXPECT_EQ(Masker({}).mask(text), text);
  EXPECT_TRUE(Masker({}).empty());
  EXPECT_EQ(masker.mask(""), "");
}

TEST(Masker, LeavesTheLineBreakBehindAKey) {
  const Masker masker({kKey});
  EXPECT_EQ(masker.mask("cat:\n" + kKey + "done"), "cat:\n******\ndone");
}

TEST(Masker, MasksOneLineOfAKeyAlone) {
  const Masker masker({kKey});
  EXPECT_EQ(masker.mask("> FwAA= > QyNTUxOQAAACBSoaZ9yXbp3hT7oD9yRkqGJ2u0vnrDe1dZ2nRj4C3mVwAAAJgq3n0XKt59"),
            "> FwAA= > ******");  // lines shorter than the limit stay
}

// Made with base64(1), xxd(1), python3 -m json.tool and curl --data-urlencode.
TEST(Masker, KnowsWhatOtherProgramsWrite) {
  const Masker masker({"s3cr3t/Pa+ss \"word\"", "correct horse battery staple"});
  const std::vector<std::string> written = {
      "czNjcjN0L1BhK3NzICJ3b3JkIg==",  // printf %s "$secret" | base64
      "s3cr3t%2FPa%2Bss%20%22word%22",
      "s3cr3t%2fPa%2bss%20%22word%22",
      "s3cr3t%2FPa%2Bss+%22word%22",
      "s3cr3t/Pa+ss \\\"word\\\"",
      "s3cr3t\\/Pa+ss \\\"word\\\"",
      "7333637233742f50612b73732022776f726422",
      "7333637233742F50612B73732022776F726422",
  };
  for (const auto& text : written) EXPECT_EQ(masker.mask("<" + text + ">"), "<******>") << text;
  // printf 'user:%s\n' "$secret" | base64, and with one byte before it
  EXPECT_EQ(masker.mask("eDpzM2NyM3QvUGErc3MgIndvcmQiCg=="), "eDp******Cg==");
}

TEST(Masker, FindsEncodedSecretsAcrossLineBreaks) {
  const Masker masker({"correct horse battery staple"});
  const std::string encoded = "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQ==";
  for (const std::string line_break : {"\n", "\r\n"}) {
    for (std::size_t width = 1; width < encoded.size(); ++width) {
      std::string text;
      for (std::size_t i = 0; i < encoded.size(); i += width) text += encoded.substr(i, width) + line_break;
      const auto whole = masker.mask("begin " + text + "end");
      EXPECT_EQ(whole, "begin ******" + line_break + "end") << width;
      std::vector<std::string_view> bytes;
      const std::string all = "begin " + text + "end";
      for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(std::string_view(all).substr(i, 1));
      EXPECT_EQ(mask_pieces(masker, bytes), whole);
    }
  }
  const std::string apart = "Y29ycmVjdCBob3JzZS\n\n\nBiYXR0ZXJ5IHN0YXBsZQ==";
  EXPECT_EQ(masker.mask(apart), apart);
}

TEST(Masker, LooksForNothingShorterThanTheLimit) {
  const std::string enough(limits::kMaskedBytesLeast, 'x');
  EXPECT_EQ(Masker({enough}).mask("[" + enough + "]"), "[******]");
  EXPECT_TRUE(Masker({enough.substr(1), ""}).empty());
}

TEST(Masker, LooksForEncodedFormsUpToTheLimit) {
  const std::string longest(limits::kEncodedSecretBytes, 'x');
  EXPECT_FALSE(forms_of(longest).wrapped.empty());
  EXPECT_TRUE(forms_of(longest + "x").wrapped.empty());
  EXPECT_EQ(Masker({longest + "x"}).mask("[" + longest + "x]"), "[******]");
}

TEST(Masker, HoldsBackOnlyWhatCouldBecomeASecret) {
  const Masker masker({"hunter2-and-more"});
  MaskingStream stream(masker);
  std::string out;
  stream.feed("ready> hun", out);
  EXPECT_EQ(out, "ready> ");
  stream.feed("gry\n", out);
  EXPECT_EQ(out, "ready> hungry\n");
  EXPECT_EQ(stream.held(), 0U);
  stream.feed("hunter2-and-mor", out);
  stream.finish(out);
  EXPECT_EQ(out, "ready> hungry\nhunter2-and-mor");
}

TEST(Masker, NeverMakesATextLonger) {
  const Masker masker({"abcabc"});
  std::string out;
  MaskingStream stream(masker);
  std::size_t read = 0;
  for (const std::string piece : {"abcabcabc", "abc", "xabcabcabcab", "c"}) {
    stream.feed(piece, out);
    read += piece.size();
    EXPECT_LE(out.size(), read);
  }
  stream.finish(out);
  EXPECT_EQ(out, "******x******");
}

// Every byte of every occurrence, looked for one place after the other.
std::string mask_slowly(const std::string& text, const std::vector<std::string>& secrets) {
  std::vector<bool> covered(text.size());
  for (const auto& secret : secrets) {
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
      std::size_t at = begin;
      std::size_t matched = 0;
      for (int breaks = 0; at < text.size() && matched < secret.size(); ++at) {
        const bool is_break = text[at] == '\n' && matched > 0;
        breaks = is_break ? breaks + 1 : 0;
        if (breaks > 2 || (!is_break && text[at] != secret[matched])) break;
        matched += is_break ? 0 : 1;
      }
      if (matched < secret.size()) continue;
      std::fill(covered.begin() + static_cast<std::ptrdiff_t>(begin),
                covered.begin() + static_cast<std::ptrdiff_t>(at), true);
    }
  }
  std::string masked;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!covered[i]) masked += text[i];
    if (covered[i] && (i == 0 || !covered[i - 1])) masked += kMasked;
  }
  return masked;
}

TEST(Masker, AgreesWithASlowSearchOnRandomTexts) {
  std::mt19937 random(20'260'401);
  const auto below = [&random](std::size_t most) { return random() % most; };
  const auto word = [&](std::size_t length, std::string_view letters) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += letters[below(letters.size())];
    return text;
  };
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::string> looked_for;
    for (std::size_t i = 0; i <= below(3); ++i) looked_for.push_back(word(6 + below(4), "ab"));
    const auto text = word(below(120), "aaaabbbb\n");
    const Masker masker(looked_for);
    const auto expected = mask_slowly(text, looked_for);
    ASSERT_EQ(masker.mask(text), expected) << text;
    std::vector<std::string_view> pieces;
    for (std::string_view rest = text; !rest.empty();) {
      const auto length = std::min<std::size_t>(1 + below(9), rest.size());
      pieces.push_back(rest.substr(0, length));
      rest.remove_prefix(length);
    }
    ASSERT_EQ(mask_pieces(masker, pieces), expected) << text;
  }
}

}  // namespace
}  // namespace runbook
