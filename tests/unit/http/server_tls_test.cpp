#include <boost/asio/use_awaitable.hpp>

#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "tests/unit/http/server_fixture.hpp"

namespace runbook::http {
namespace {

using SslPtr = std::unique_ptr<SSL, decltype(&SSL_free)>;

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

class TlsServerTest : public ServerTest {
 protected:
  void start_tls(Handler handler, ServerSettings settings = {}) {
    settings.tls = certs::agent_listener(pair_.certificate.pem, pair_.key_pem, authority_.certificate_pem());
    start(std::move(handler), std::move(settings));
  }

  static std::string exchange(const certs::SslContext& context, const RawClient& raw,
                              std::string_view request) {
    const SslPtr ssl(SSL_new(context.get()), SSL_free);
    SSL_set_fd(ssl.get(), raw.descriptor());
    if (SSL_connect(ssl.get()) != 1) return "";
    while (!request.empty()) {
      const int written = SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
      if (written <= 0) return "not written";
      request.remove_prefix(static_cast<std::size_t>(written));
    }
    std::string all;
    char buffer[4096];
    for (int count = SSL_read(ssl.get(), buffer, sizeof buffer); count > 0;
         count = SSL_read(ssl.get(), buffer, sizeof buffer))
      all.append(buffer, static_cast<std::size_t>(count));
    return all;
  }

  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  certs::FleetAuthority::KeyPair pair_ = authority_.issue_controller(now());
};

boost::asio::awaitable<Response> who(const Request& request, BodyReader&) {
  const auto identity = certs::agent_identity(request.peer_certificate);
  co_return text(std::string(request.secure ? "secure " : "plain ") +
                 (identity ? identity->agent.str() : "nobody"));
}

constexpr std::string_view kAsk = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

TEST_F(TlsServerTest, RequestsKnowTheirCertificate) {
  start_tls(who);
  const Uuid agent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");
  const auto request = certs::make_signing_request("host");
  const auto issued = authority_.issue_agent(request.csr_pem, agent, now());
  const auto link = certs::agent_link(issued->pem, request.key_pem, authority_.certificate_pem());
  RawClient known = client();
  const std::string answer = exchange(link, known, kAsk);
  EXPECT_NE(answer.find("secure " + agent.str()), std::string::npos) << answer;
  EXPECT_NE(answer.find("Strict-Transport-Security"), std::string::npos);

  RawClient unknown = client();
  EXPECT_NE(exchange(certs::pinned_client(authority_.sha256()), unknown, kAsk).find("secure nobody"),
            std::string::npos);
}

TEST_F(TlsServerTest, TooLargeABodyGets413EvenWhileItIsSent) {
  start_tls(echo);
  constexpr std::size_t kSent = 16 * 1024 * 1024;
  const std::string request = fmt::format("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", kSent) +
                              std::string(kSent, 'x');
  RawClient raw = client();
  const std::string answer = exchange(certs::pinned_client(authority_.sha256()), raw, request);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
}

TEST_F(TlsServerTest, PlainBytesGetNoAnswer) {
  start_tls(who);
  RawClient raw = client();
  raw.send(kAsk);
  const std::string all = raw.read_all();
  EXPECT_EQ(all.find("HTTP"), std::string::npos);
}

// One that begins and says no more holds the only turn of its address until its time is over; then the next
// one is served, and one that only connected held none.
TEST_F(TlsServerTest, HandshakesOfOneAddressTakeTurns) {
  ServerSettings settings;
  settings.max_handshakes_per_address = 1;
  settings.times.header = std::chrono::milliseconds(500);
  start_tls(who, settings);
  const RawClient silent = client();
  RawClient stalled = client();
  stalled.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_TRUE(stalled.ended());
  const RawClient next = client();
  EXPECT_NE(exchange(certs::pinned_client(authority_.sha256()), next, kAsk).find("nobody"),
            std::string::npos);
}

TEST_F(TlsServerTest, SilentHandshakeIsClosed) {
  ServerSettings settings;
  settings.times.header = std::chrono::milliseconds(100);
  start_tls(who, settings);
  RawClient raw = client();
  EXPECT_TRUE(raw.ended());
}

}  // namespace
}  // namespace runbook::http
