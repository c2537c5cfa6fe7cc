#include <gtest/gtest.h>

#include "controller/http/response_writer.hpp"
#include "controller/http/security_headers.hpp"

namespace runbook::http {
namespace {

TEST(ResponseHead, CarriesTheProtectiveHeaders) {
  const Response response{.headers = {{"Content-Type", "application/json"}}, .body = "{}"};
  const std::string plain = response_head(response, {.request_id = "an-id"});
  for (const std::string_view line :
       {"HTTP/1.1 200 OK\r\n", "\r\nDate: ", "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: no-referrer\r\n", "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nCache-Control: no-store\r\n", "frame-ancestors 'none'", "default-src 'none'",
        "\r\nX-Request-Id: an-id\r\n", "\r\nContent-Length: 2\r\n"})
    EXPECT_NE(plain.find(line), std::string::npos) << line;
  EXPECT_EQ(plain.find("Strict-Transport-Security"), std::string::npos);
  EXPECT_EQ(plain.find("Server:"), std::string::npos);
  const std::string secure = response_head(response, {.request_id = "an-id", .secure = true});
  EXPECT_NE(secure.find("\r\nStrict-Transport-Security: max-age=31536000\r\n"), std::string::npos);
}

TEST(ResponseHead, PagesGetThePagePolicy) {
  const Response page{
      .headers = {{"content-type", "text/html; charset=utf-8"}, {"cache-control", "no-cache"}}};
  const std::string head = response_head(page, {});
  EXPECT_NE(head.find(kPagePolicy), std::string::npos);
  EXPECT_NE(head.find("cache-control: no-cache"), std::string::npos);
  EXPECT_EQ(head.find("no-store"), std::string::npos);
}

TEST(ResponseHead, CannotBeSplitByAValue) {
  const Response response{
      .headers = {{"Location", "/a\r\nX-Evil: 1"}, {"X Bad", "1"}, {"Content-Length", "99"}}};
  const std::string head = response_head(response, {});
  EXPECT_EQ(head.find("X-Evil"), std::string::npos);
  EXPECT_EQ(head.find("X Bad"), std::string::npos);
  EXPECT_EQ(head.find("99"), std::string::npos);
}

TEST(ResponseHead, NoContentHasNoLength) {
  const std::string head = response_head({.status = 204}, {.keep_alive = false});
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  EXPECT_NE(head.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(HttpDate, IsImfFixdate) {
  EXPECT_EQ(http_date(std::chrono::sys_seconds(std::chrono::seconds(784111777))),
            "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace runbook::http
