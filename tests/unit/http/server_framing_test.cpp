#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/http/server_fixture.hpp"

namespace runbook::http {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  unsigned status = 400;
};

std::string post(std::string_view headers, std::string_view body) {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string get(std::string_view headers) { return "GET /x HTTP/1.1\r\n" + std::string(headers) + "\r\n"; }

// Every way known to us in which a proxy and this server could disagree about where a request ends.
const std::vector<Case>& smuggled() {
  using namespace std::string_literals;
  static const std::vector<Case> cases = {
      {"both lengths", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"both lengths, other order", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")},
      {"two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")},
      {"the same length twice", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")},
      {"a list of lengths", post("Content-Length: 3, 3\r\n", "abc")},
      {"a signed length", post("Content-Length: +3\r\n", "abc")},
      {"a negative length", post("Content-Length: -3\r\n", "abc")},
      {"a hexadecimal length", post("Content-Length: 0x3\r\n", "abc")},
      {"a length with a fraction", post("Content-Length: 3.0\r\n", "abc")},
      {"an empty length", post("Content-Length:\r\n", "abc")},
      {"a length past 64 bits", post("Content-Length: 99999999999999999999\r\n", "abc")},
      {"space in a length", post("Content-Length: 1 0\r\n", "abc")},
      {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
      {"identity", post("Transfer-Encoding: identity\r\n", "")},
      {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
      {"chunked with a parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
      {"chunked with a vertical tab", post("Transfer-Encoding: \x0b"s + "chunked\r\n", "0\r\n\r\n")},
      {"chunked in HTTP/1.0", "POST /x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"space before the colon", post("Content-Length : 3\r\n", "abc")},
      {"space before the name", post(" Content-Length: 3\r\n", "abc")},
      {"folded line", post("X: a\r\n b\r\n", "")},
      {"folded encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
      {"name without colon", get("Host: h\r\nnonsense\r\n")},
      {"NUL in a value", get("Host: h\r\nX: a"s + '\0' + "b\r\n")},
      {"NUL in a name", get("Host: h\r\nX"s + '\0' + ": b\r\n")},
      {"bare CR in a value", get("Host: h\r\nX: a\rTransfer-Encoding: chunked\r\n")},
      {"bare LF between lines", "GET /x HTTP/1.1\nHost: h\n\n"},
      {"bare LF after a header", get("Host: h\r\nX: a\nContent-Length: 3\r\n")},
      {"CR CR LF", get("Host: h\r\nX: a\r\r\n")},
      {"no host", get("X: a\r\n")},
      {"two hosts", get("Host: a\r\nHost: b\r\n")},
      {"no version", "GET /x\r\nHost: h\r\n\r\n"},
      {"two spaces", "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"tab between", "GET\t/x HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"authority form", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"bad escape", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"encoded NUL", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"TLS to a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s},
      {"version 2.0", "GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"version 1.2", "GET /x HTTP/1.2\r\nHost: h\r\n\r\n", 505},
      {"unknown expectation", post("Content-Length: 0\r\nExpect: tea\r\n", ""), 417},
      {"header too large", get("Host: h\r\nX: " + std::string(17 * 1024, 'x') + "\r\n"), 431},
      {"target too large", "GET /" + std::string(17 * 1024, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", 431},
  };
  return cases;
}

const std::vector<Case>& bad_chunks() {
  using namespace std::string_literals;
  static const std::vector<Case> cases = {
      {"no size", "\r\nabc\r\n0\r\n\r\n"},
      {"not hexadecimal", "z\r\nabc\r\n0\r\n\r\n"},
      {"signed", "+3\r\nabc\r\n0\r\n\r\n"},
      {"negative", "-3\r\nabc\r\n0\r\n\r\n"},
      {"0x", "0x3\r\nabc\r\n0\r\n\r\n"},
      {"past 64 bits", "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"},
      {"data longer than said", "2\r\nabc\r\n0\r\n\r\n"},
      {"data shorter than said", "4\r\nabc\r\n0\r\n\r\n"},
      {"bare LF after the size", "3\nabc\r\n0\r\n\r\n"},
      {"bare LF after the data", "3\r\nabc\n0\r\n\r\n"},
      {"space before the size", " 3\r\nabc\r\n0\r\n\r\n"},
      {"LF in the extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"},
      {"NUL in the size line", "3"s + '\0' + "\r\nabc\r\n0\r\n\r\n"},
      {"bad trailer", "3\r\nabc\r\n0\r\nbad trailer\r\n\r\n"},
  };
  return cases;
}

TEST_F(ServerTest, UnclearFramingIsRefusedAndTheConnectionClosed) {
  int reached = 0;
  start([&](const Request&, BodyReader&) -> boost::asio::awaitable<Response> {
    ++reached;
    co_return text("reached");
  });
  for (const Case& one : smuggled()) {
    SCOPED_TRACE(one.name);
    RawClient raw = client();
    // What a smuggler wants: a second request that this server answers.
    raw.send(one.bytes + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = raw.read_answer();
    EXPECT_EQ(answer.status, one.status) << answer.head;
    EXPECT_NE(answer.head.find("application/problem+json"), std::string::npos);
    EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
    EXPECT_NE(answer.head.find("X-Content-Type-Options: nosniff"), std::string::npos);
    raw.end_sending();
    EXPECT_EQ(raw.read_all(), "");
    EXPECT_TRUE(raw.ended());
  }
  stop();
  EXPECT_EQ(reached, 0);
}

TEST_F(ServerTest, BadChunksAreRefusedAndTheConnectionClosed) {
  start(echo);
  for (const Case& one : bad_chunks()) {
    SCOPED_TRACE(one.name);
    RawClient raw = client();
    raw.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + one.bytes +
             "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = raw.read_answer();
    EXPECT_EQ(answer.status, 400U) << answer.head << answer.body;
    raw.end_sending();
    EXPECT_EQ(raw.read_all(), "");
    EXPECT_TRUE(raw.ended());
  }
}

TEST_F(ServerTest, BodyThatEndsEarlyIsRefused) {
  start(echo);
  RawClient raw = client();
  raw.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  raw.end_sending();
  EXPECT_EQ(raw.read_answer().status, 400U);
}

}  // namespace
}  // namespace runbook::http
