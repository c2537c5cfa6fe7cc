#include <gtest/gtest.h>

#include "controller/http/request_parser.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::http {
namespace {

TEST(RequestParser, TakesAHeadByteByByte) {
  const std::string whole =
      "POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nX-Api-Key:  k \r\nContent-Length: 3\r\n\r\n";
  RequestParser parser;
  std::string input;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    input += whole[i];
    const auto taken = parser.take_head(input);
    ASSERT_TRUE(taken.has_value()) << i;
    EXPECT_EQ(*taken, i + 1 == whole.size());
  }
  const Request request = parser.take_request();
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query_value("x"), "1");
  EXPECT_EQ(request.header("x-api-key"), "k");
  EXPECT_EQ(request.content_length, 3U);
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_TRUE(input.empty());
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
  std::string input =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\nGET "
      "/";
  RequestParser parser;
  ASSERT_TRUE(parser.take_head(input).value_or(false));
  ASSERT_TRUE(parser.take_body(input, 10).value_or(false));
  EXPECT_EQ(parser.take_text(), "abc");
  EXPECT_EQ(input, "GET /");
}

TEST(RequestParser, TakesAChunkedBodyByteByByte) {
  std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = "A\r\n0123456789\r\n5\r\nabcde\r\n0\r\n\r\n";
  RequestParser parser;
  ASSERT_TRUE(parser.take_head(head).value_or(false));
  std::string input;
  for (std::size_t i = 0; i < body.size(); ++i) {
    input += body[i];
    const auto taken = parser.take_body(input, 15);
    ASSERT_TRUE(taken.has_value()) << i;
    EXPECT_EQ(*taken, i + 1 == body.size()) << i;
  }
  EXPECT_EQ(parser.take_text(), "0123456789abcde");
}

TEST(RequestParser, BodyOneByteOverIsTooLarge) {
  std::string by_length = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n";
  RequestParser first;
  ASSERT_TRUE(first.take_head(by_length).value_or(false));
  EXPECT_EQ(first.take_body(by_length, 10).error().status, 413U);

  std::string by_chunks =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n";
  RequestParser second;
  ASSERT_TRUE(second.take_head(by_chunks).value_or(false));
  EXPECT_EQ(second.take_body(by_chunks, 10).error().status, 413U);
}

TEST(RequestParser, HeadOneByteOverIsTooLarge) {
  const auto head_of = [](std::size_t size) {
    std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    head.append(size - head.size() - 4, 'x');
    return head + "\r\n\r\n";
  };
  std::string fits = head_of(limits::kHttpHeaderBytes);
  EXPECT_TRUE(RequestParser().take_head(fits).value_or(false));
  std::string over = head_of(limits::kHttpHeaderBytes + 1);
  EXPECT_EQ(RequestParser().take_head(over).error().status, 431U);
  std::string endless(limits::kHttpHeaderBytes + 1, 'x');
  EXPECT_EQ(RequestParser().take_head(endless).error().status, 431U);
}

TEST(RequestParser, UpgradeWithABodyIsNone) {
  const std::string upgrade =
      "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  std::string bare = upgrade + "\r\n";
  RequestParser first;
  ASSERT_TRUE(first.take_head(bare).value_or(false));
  EXPECT_TRUE(first.take_request().upgrade);
  std::string with_body = upgrade + "Content-Length: 2\r\n\r\nhi";
  RequestParser second;
  ASSERT_TRUE(second.take_head(with_body).value_or(false));
  EXPECT_FALSE(second.take_request().upgrade);
}

TEST(RequestParser, EndlessChunkHeaderIsRefused) {
  std::string input = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;";
  RequestParser parser;
  ASSERT_TRUE(parser.take_head(input).value_or(false));
  input.append(limits::kHttpHeaderBytes + 1, 'a');
  EXPECT_EQ(parser.take_body(input, 10).error().status, 400U);
}

}  // namespace
}  // namespace runbook::http
