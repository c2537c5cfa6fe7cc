#include <gtest/gtest.h>

#include "controller/http/target.hpp"

namespace runbook::http {
namespace {

TEST(RequestTarget, IsDecodedOnce) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a%20b", "/a b"},
      {"/a+b", "/a+b"},
      {"/%E2%82%AC", "/\xE2\x82\xAC"},
      {"/%2e%2e/etc", "/../etc"},
      {"/%252e", "/%2e"},
      {"http://host", "/"},
      {"http://host/x", "/x"},
      {"HTTP://host:80/x", "/x"},
      {"https://host?y=1", "/"},
  };
  for (const auto& [text, path] : cases) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target.has_value()) << text;
    EXPECT_EQ(target->path, path) << text;
  }
}

TEST(RequestTarget, BadOnesAreRefused) {
  const std::vector<std::string> cases = {
      "",       "*",        "a",        "host:443",  "/%",       "/%4",       "/%zz",
      "/%00",   "/%0a",     "/%0d%0aX", "/%7f",      "/%ff",     "/%c0%80",   "/%ed%a0%80",
      "/a#b",   "ftp://h/", "http://",  "http:///x", "/a?b=%00", "/a?b%0a=1", "/a?b=%ff",
      "/a?b=%", "/\x01",    "/\x7f",    "/\xff",
  };
  for (const std::string& text : cases) EXPECT_FALSE(parse_target(text).has_value()) << text;
}

TEST(RequestTarget, QueryKeepsOrderAndRepeats) {
  const auto target = parse_target("/a?x=1&y=a+b%2Bc&x=&flag&&z==&%71=q%0a");
  ASSERT_TRUE(target.has_value());
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"x", "1"}, {"y", "a b+c"}, {"x", ""}, {"flag", ""}, {"z", "="}, {"q", "q\n"}};
  EXPECT_EQ(target->query, expected);
}

}  // namespace
}  // namespace runbook::http
