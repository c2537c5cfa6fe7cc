#include "agent/connection/http_post.hpp"

#include <gtest/gtest.h>

#include <string>

#include "agent/connection/address.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::connection {
namespace {

TEST(HttpPost, ReadsStatusAndLength) {
  const auto head = parse_answer_head("HTTP/1.1 201 Created\r\nX: y\r\ncontent-LENGTH:  12 \r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 201);
  EXPECT_EQ(head->body_bytes, 12U);
}

TEST(HttpPost, RefusesWhatItCannotReadExactly) {
  for (const char* head :
       {"", "\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n"}) {
    EXPECT_FALSE(parse_answer_head(head)) << head;
  }
  const auto of = [](std::size_t bytes) {
    return parse_answer_head("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
  };
  EXPECT_TRUE(of(limits::kHttpBodyBytes));
  EXPECT_FALSE(of(limits::kHttpBodyBytes + 1));
}

TEST(ControllerAddress, IsAnHttpsOrigin) {
  const auto address = parse_address("https://runbooks.example.org:8443");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "runbooks.example.org");
  EXPECT_EQ(address->port, "8443");
  EXPECT_EQ(parse_address("https://[::1]:8443/")->host, "::1");
  EXPECT_EQ(parse_address("https://10.0.0.1")->port, "443");
}

TEST(ControllerAddress, IsNothingElse) {
  for (const char* url :
       {"", "host:8443", "http://host:8443", "https://", "https://host/path", "https://host?x",
        "https://user@host", "https://host#x", "wss://host", "https://ho st"}) {
    EXPECT_FALSE(parse_address(url)) << url;
  }
}

}  // namespace
}  // namespace runbook::connection
