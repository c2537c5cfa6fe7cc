#include "controller/app/listeners.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace runbook::app {
namespace {

using boost::asio::ip::tcp;

TEST(Listeners, PortZeroBecomesARealPort) {
  EXPECT_NE(checked_listen_address({"127.0.0.1", 0}, "--listen").port, 0);
}

TEST(Listeners, ATakenPortIsToldWithTheFlagToChange) {
  boost::asio::io_context context;
  tcp::acceptor other{context, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}};
  const ListenAddress taken{"127.0.0.1", other.local_endpoint().port()};
  try {
    checked_listen_address(taken, "--agent-listen");
    FAIL() << "it was free";
  } catch (const ListenError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(taken.str() + " is taken"), std::string::npos) << message;
    EXPECT_NE(message.find("--agent-listen"), std::string::npos) << message;
  }
}

TEST(Listeners, AnAddressThatIsNotOursIsTold) {
  EXPECT_THROW(checked_listen_address({"192.0.2.1", 8080}, "--listen"), ListenError);
}

TEST(Listeners, UrlsCanBeOpenedFromHere) {
  EXPECT_EQ(local_url({"127.0.0.1", 8080}, false), "http://127.0.0.1:8080");
  EXPECT_EQ(local_url({"0.0.0.0", 443}, true), "https://127.0.0.1:443");
  EXPECT_EQ(local_url({"::", 443}, true), "https://[::1]:443");
}

void check(const char* listen, const char* agents) {
  check_listeners_differ(parse_listen_address(listen), "--listen", parse_listen_address(agents),
                         "--agent-listen");
}

TEST(Listeners, OnOnePortAreRefusedInASentenceThatNamesBoth) {
  try {
    check("127.0.0.1:8443", "127.0.0.1:8443");
    FAIL() << "nothing was said";
  } catch (const ListenError& error) {
    EXPECT_STREQ(
        error.what(),
        "--listen 127.0.0.1:8443 and --agent-listen 127.0.0.1:8443 want the same port: give browsers "
        "and agents one each.");
  }
}

TEST(Listeners, OfWhichOneTakesEveryAddressCollideToo) {
  EXPECT_THROW(check("0.0.0.0:8443", "127.0.0.1:8443"), ListenError);
  EXPECT_THROW(check("127.0.0.1:8443", "0.0.0.0:8443"), ListenError);
}

TEST(Listeners, OnTwoPortsOrAddressesOrAnyPortAreFine) {
  EXPECT_NO_THROW(check("127.0.0.1:8080", "127.0.0.1:8443"));
  EXPECT_NO_THROW(check("127.0.0.1:8443", "127.0.0.2:8443"));
  EXPECT_NO_THROW(check("127.0.0.1:0", "127.0.0.1:0"));
}

}  // namespace
}  // namespace runbook::app
