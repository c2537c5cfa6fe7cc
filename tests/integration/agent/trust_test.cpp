// Whom an agent trusts: only the fleet's authority, only over TLS 1.3, only where it was sent. Servers that
// are something else hear nothing of it but the beginning of a handshake.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "agent/connection/enrolment.hpp"
#include "agent/connection/host_facts.hpp"
#include "agent/connection/link.hpp"
#include "agent/connection/renewal.hpp"
#include "agent/runner/local_runner.hpp"
#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::connection {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono_literals::operator""s;

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

// Answers every connection in one way and remembers what it heard.
class OddServer {
 public:
  OddServer(asio::io_context& io, certs::SslContext tls, std::string answer)
      : state_(std::make_shared<State>(io, std::move(tls), std::move(answer))) {
    asio::co_spawn(io, accept(state_), [](const std::exception_ptr&) {});
  }
  OddServer(const OddServer&) = delete;
  OddServer& operator=(const OddServer&) = delete;
  ~OddServer() { state_->acceptor.close(); }

  std::string address() const {
    return fmt::format("127.0.0.1:{}", state_->acceptor.local_endpoint().port());
  }
  std::string url() const { return "https://" + address(); }
  int connections() const { return state_->connections; }
  int handshakes() const { return state_->handshakes; }
  const std::string& heard() const { return state_->heard; }

 private:
  // Outlives the server while a connection is still at its end.
  struct State {
    State(asio::io_context& context, certs::SslContext settings, std::string text)
        : io(context),
          tls(std::move(settings)),
          answer(std::move(text)),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    asio::io_context& io;
    certs::SslContext tls;
    std::string answer;
    tcp::acceptor acceptor;
    int connections = 0;
    int handshakes = 0;
    std::string heard;
  };

  static asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      auto socket = co_await state->acceptor.async_accept(asio::use_awaitable);
      ++state->connections;
      asio::co_spawn(state->io, serve(state, std::move(socket)), [](const std::exception_ptr&) {});
    }
  }
  static asio::awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    auto stream = state->tls ? transport::ByteStream::tls_server(std::move(socket), state->tls)
                             : transport::ByteStream(std::move(socket));
    co_await stream.handshake();
    if (state->tls) ++state->handshakes;
    std::string bytes(4096, '\0');
    const auto size = co_await stream.async_read_some(asio::buffer(bytes), asio::use_awaitable);
    state->heard += bytes.substr(0, size);
    co_await asio::async_write(stream, asio::buffer(state->answer), asio::use_awaitable);
    stream.shutdown_write();
  }

  std::shared_ptr<State> state_;
};

class AgentTrust : public testing::Test {
 protected:
  ~AgentTrust() override { disk_.join(); }

  certs::SslContext listener_of(const certs::FleetAuthority& authority) const {
    const auto own = authority.issue_controller(now());
    return certs::agent_listener(own.certificate.pem, own.key_pem, authority_.certificate_pem());
  }
  AgentCertificate certificate() const {
    const auto key = certs::make_signing_request("test");
    return {authority_.issue_agent(key.csr_pem, agent_, now())->pem, authority_.certificate_pem(),
            key.key_pem};
  }
  template <class F>
  void run_until(const F& done) {
    const auto limit = std::chrono::steady_clock::now() + 60s;
    io_.restart();
    while (!done() && std::chrono::steady_clock::now() < limit)
      io_.run_one_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(done());
  }
  // Every way an agent talks to a controller, at `url`; none may come about.
  void expect_nothing(const std::string& url) {
    const auto address = parse_address(url).value();
    std::optional<bool> renewed;
    std::optional<bool> enrolled;
    auto renew = [&]() -> asio::awaitable<void> {
      const auto done = co_await renew_certificate(address, certificate(), agent_);
      renewed = done.has_value();
    };
    auto enrol = [&]() -> asio::awaitable<void> {
      EnrolmentRequest wanted{address, "secret-token", authority_.sha256(), "host", {}};
      const auto done = co_await enroll(std::move(wanted));
      enrolled = done.has_value();
    };
    const auto ignore = [](const std::exception_ptr& failed) { EXPECT_FALSE(failed); };
    asio::co_spawn(io_, renew(), ignore);
    asio::co_spawn(io_, enrol(), ignore);
    run_until([&] { return renewed && enrolled; });
    EXPECT_FALSE(*renewed);
    EXPECT_FALSE(*enrolled);
    expect_no_link(address);
  }
  void expect_no_link(const ControllerAddress& address) {
    const auto own = certificate();
    LinkSettings settings;
    settings.controller = address;
    settings.tls = certs::agent_link(own.certificate_pem, own.key_pem, own.ca_pem);
    settings.hello = host_facts();
    settings.random_unit = [] { return 0.0; };
    settings.refused_pause = std::chrono::milliseconds(1);
    Attempts attempts(runner_, {}, host_clocks(), [](const RunCommand&) { return std::nullopt; }, [] {});
    Link link(io_.get_executor(), settings, attempts, [] {});
    bool ended = false;
    asio::co_spawn(io_, link.run(), [&ended](const std::exception_ptr&) { ended = true; });
    run_until([&] { return !link.state().reason.empty(); });
    EXPECT_FALSE(link.state().connected);
    link.close();
    run_until([&] { return ended; });
  }

  const Uuid agent_ = runtime::new_uuid();
  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  certs::FleetAuthority other_ = certs::FleetAuthority::create();
  asio::io_context io_{1};
  runtime::BlockingPool disk_{1, 1024};
  std::unique_ptr<runner::ProcessTrees> trees_ = runner::sweep_trees();
  runner::LocalRunner runner_{io_.get_executor(), disk_, *trees_, {}};
};

const std::string kNotFound = "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n";

TEST_F(AgentTrust, NeverFallsBackToPlainHttp) {
  OddServer server(io_, nullptr, kNotFound);
  expect_nothing(server.url());
  EXPECT_GT(server.connections(), 0);
  EXPECT_TRUE(server.heard().starts_with('\x16')) << "a TLS record";
  EXPECT_EQ(server.heard().find("secret-token"), std::string::npos);
  EXPECT_EQ(server.heard().find("HTTP/1.1"), std::string::npos);
}

TEST_F(AgentTrust, RefusesAddressesThatAreNotHttps) {
  for (const char* url :
       {"http://h:1", "ws://h:1", "wss://h:1", "HTTP://h:1", "h:1", "//h:1", "https:h:1",
        "https://user:password@h:1", "https://h:1/path", "https://h:1?insecure=1", "unix:/x"})
    EXPECT_FALSE(parse_address(url).has_value()) << url;
}

// What a system's store trusts is nothing to an agent.
TEST_F(AgentTrust, DoesNotTrustTheSystemsAuthorities) {
  std::string folder = testing::TempDir() + "/authorities-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/ca.pem") << other_.certificate_pem();
  ::setenv("SSL_CERT_FILE", (folder + "/ca.pem").c_str(), 1);
  ::setenv("SSL_CERT_DIR", folder.c_str(), 1);
  OddServer server(io_, listener_of(other_), kNotFound);
  expect_nothing(server.url());
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
  std::filesystem::remove_all(folder);
  EXPECT_GT(server.connections(), 0);
  EXPECT_EQ(server.handshakes(), 0);
}

TEST_F(AgentTrust, SpeaksNothingOlderThanTls13) {
  const auto tls = listener_of(authority_);
  SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(tls.get(), TLS1_2_VERSION);
  OddServer server(io_, tls, kNotFound);
  expect_nothing(server.url());
  EXPECT_GT(server.connections(), 0);
  EXPECT_EQ(server.handshakes(), 0);
}

TEST_F(AgentTrust, FollowsNoRedirect) {
  OddServer trap(io_, nullptr, kNotFound);
  for (const char* scheme : {"http", "ws", "https"}) {
    const auto answer = fmt::format("HTTP/1.1 301 X\r\nLocation: {}://{}/agent\r\nContent-Length: 0\r\n\r\n",
                                    scheme, trap.address());
    OddServer server(io_, listener_of(authority_), answer);
    expect_nothing(server.url());
    EXPECT_GT(server.handshakes(), 0);
  }
  EXPECT_EQ(trap.connections(), 0);
}

TEST(AgentProgramText, NamesNoSwitchThatTrustsMore) {
  std::ifstream file(RUNBOOK_AGENT_PROGRAM, std::ios::binary);
  const std::string program((std::istreambuf_iterator<char>(file)), {});
  ASSERT_GT(program.size(), 100'000U);
  for (const char* word : {"insecure", "no-verify", "skip-verify", "no-check-certificate", "--plain", "ws://",
                           "set_default_verify_paths", "VERIFY_NONE", "SSL_CERT_FILE"})
    EXPECT_EQ(program.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace runbook::connection
