// Where requests of API blocks get to (SECURITY S37), with names of a name server that lies, addresses in odd
// spellings and redirects: only where the administrator lets them, and never to the listener that stands at
// every other address.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/integration/engine/api_caller_fixture.hpp"
#include "tests/integration/engine/scripted_server.hpp"
#include "tests/integration/engine/test_network.hpp"

namespace runbook::engine {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPublic = "93.184.216.34";
constexpr const char* kPublic6 = "2606:2800:220:1:248:1893:25c8:1946";
constexpr const char* kDown = "93.184.216.99";

class ApiReachTest : public ApiCallerFixture {
 protected:
  ApiReachTest() : ApiCallerFixture({}) {
    network.add_host(kPublic, open_place.port());
    network.add_host(kPublic6, open_place.port());
    network.add_host(kDown, 0);
    network.dns.set("public.test", {{kPublic}});
    network.dns.set("six.test", {{kPublic6}});
  }

  // Every connection since the last time went to an address that is public.
  void expect_only_public(const std::string& what) {
    EXPECT_THAT(network.take_connected(), Each(::testing::AnyOf(kPublic, kPublic6, kDown))) << what;
    EXPECT_EQ(untouched.connections(), 0) << what;
  }

  void expect_refused(const std::string& url) {
    const auto outcome = get(url);
    EXPECT_NE(outcome.error, "") << url;
    EXPECT_FALSE(outcome.sent) << url;
    EXPECT_THAT(network.take_connected(), ElementsAre()) << url;
    EXPECT_EQ(untouched.connections(), 0) << url;
  }

  ScriptedServer untouched{always(200, "secret")};
  ScriptedServer::Script script = always(200, "public");
  ScriptedServer open_place{
      [this](auto& connection, const auto& request, int number) { script(connection, request, number); }};
  TestNetwork network{untouched.port()};
};

TEST_F(ApiReachTest, PublicNamesAreReachedByTheAddressThatWasChecked) {
  EXPECT_EQ(body(get("http://public.test/")), "public");
  EXPECT_THAT(network.take_connected(), ElementsAre(kPublic));
  EXPECT_EQ(network.dns.questions("public.test"), 1);
  EXPECT_EQ(body(get("http://PUBLIC.test:8080/")), "public");
  EXPECT_EQ(body(get(fmt::format("http://{}/", kPublic))), "public");
  EXPECT_EQ(body(get("http://six.test/")), "public");
  EXPECT_EQ(body(get(fmt::format("http://[{}]/", kPublic6))), "public");
  expect_only_public("public names");
}

class Spelled : public ApiReachTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(Spelled, IsNotConnected) {
  for (const auto* scheme : {"http", "https"}) expect_refused(fmt::format("{}://{}/", scheme, GetParam()));
}

// Loopback, link-local, metadata, private and reserved addresses, as URLs spell them.
INSTANTIATE_TEST_SUITE_P(
    Addresses, Spelled,
    ::testing::Values("127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0x7F.0.0.0x1", "2130706433",
                      "017700000001", "0177.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.",
                      "a.localhost", "0", "0.0.0.0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]",
                      "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
                      "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "0xa9fea9fe", "2852039166",
                      "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]",
                      "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "10.0.0.1",
                      "172.16.0.1", "192.168.257", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[fe80::1]",
                      "[fe80::1%25lo]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]", "%31%32%37.0.0.1",
                      "127。0。0。1", "①②⑦.⓪.⓪.①", "127.0.0.1%00.public.test", "public.test@127.0.0.1",
                      "public.test:80@127.0.0.1", "127.0.0.1\\@public.test", "public.test\\@127.0.0.1",
                      "127.0.0.1%23@public.test"));

TEST_F(ApiReachTest, NamesOfForbiddenAddressesAreNotConnected) {
  const std::vector<std::pair<const char*, DnsServer::Addresses>> names = {
      {"loopback.test", {"127.0.0.1"}},
      {"metadata.test", {"169.254.169.254"}},
      {"private.test", {"10.1.2.3", "192.168.0.1", "172.31.255.254"}},
      {"six-loopback.test", {"::1"}},
      {"mapped.test", {"::ffff:127.0.0.1"}},
      {"unique-local.test", {"fd00:ec2::254"}},
      {"unspecified.test", {"0.0.0.0", "::"}},
      {"translated.test", {"64:ff9b::a9fe:a9fe"}},
  };
  for (const auto& [name, addresses] : names) {
    network.dns.set(name, {addresses});
    expect_refused(fmt::format("http://{}/", name));
    EXPECT_EQ(network.dns.questions(name), 1) << name;
  }
}

// Whichever answer comes first, and when the public one does not answer.
TEST_F(ApiReachTest, OfMixedAnswersOnlyPublicAddressesAreConnected) {
  const std::vector<std::pair<const char*, DnsServer::Addresses>> names = {
      {"mixed1.test", {kPublic, "127.0.0.1"}},
      {"mixed2.test", {"127.0.0.1", kPublic}},
      {"mixed3.test", {kPublic, "::1"}},
      {"mixed4.test", {"10.0.0.1", kPublic6}},
      {"mixed5.test", {"::1", "fe80::1", kPublic6}},
  };
  for (const auto& [name, addresses] : names) {
    network.dns.set(name, {addresses});
    EXPECT_EQ(body(get(fmt::format("http://{}/", name))), "public") << name;
    expect_only_public(name);
  }
  network.dns.set("down.test", {{kDown, "127.0.0.1", "::1"}});
  const auto outcome = get("http://down.test/");
  EXPECT_THAT(outcome.error, HasSubstr("loopback"));
  EXPECT_FALSE(outcome.transient);
  EXPECT_THAT(network.take_connected(), ElementsAre(kDown));
  EXPECT_EQ(untouched.connections(), 0);
}

// Public when it is asked for the first time, something else as soon as the answer is a moment old.
TEST_F(ApiReachTest, ANameThatChangesItsAddressIsCheckedEachTime) {
  network.dns.set("rebinding.test", {{kPublic}, {"127.0.0.1"}, {"169.254.169.254"}, {kPublic}});
  EXPECT_EQ(body(get("http://rebinding.test/")), "public");
  EXPECT_EQ(network.dns.questions("rebinding.test"), 1);
  expect_only_public("rebinding");
  expect_refused("http://rebinding.test/");
  expect_refused("http://rebinding.test/");
  EXPECT_EQ(body(get("http://rebinding.test/")), "public");
  EXPECT_EQ(network.dns.questions("rebinding.test"), 4);
  expect_only_public("rebinding");
}

TEST_F(ApiReachTest, ARedirectLeadsToNoForbiddenPlace) {
  network.dns.set("loopback.test", {{"127.0.0.1"}});
  for (const auto* target :
       {"http://127.0.0.1/", "http://0x7f.1/", "http://2852039166/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "//127.0.0.1/", "http://localhost/", "http://loopback.test/",
        "http://public.test@127.0.0.1/", "http://user:word@public.test/", "https://169.254.169.254/latest",
        "file:///etc/passwd", "gopher://127.0.0.1:70/x", "ftp://127.0.0.1/", "http:\\\\127.0.0.1/",
        "http://127.0.0.1\\@public.test/"}) {
    script = always(302, "", fmt::format("Location: {}\r\n", target));
    EXPECT_NE(get("http://public.test/").error, "") << target;
    EXPECT_THAT(network.take_connected(), ElementsAre(kPublic)) << target;
    EXPECT_EQ(untouched.connections(), 0) << target;
  }
}

TEST_F(ApiReachTest, EveryPlaceOfAChainIsResolvedAndCheckedAnew) {
  script = [](auto& connection, const auto&, int) {
    connection.answer(307, "", "Location: http://rebinding.test/\r\n");
  };
  network.dns.set("rebinding.test", {{kPublic}, {kPublic6}, {"10.0.0.1"}});
  EXPECT_THAT(get("http://public.test/").error, HasSubstr("10.0.0.1 is a private address"));
  EXPECT_THAT(network.take_connected(), ElementsAre(kPublic, kPublic, kPublic6));
  EXPECT_EQ(untouched.connections(), 0);
}

TEST_F(ApiReachTest, CredentialsStayWithTheHostTheyAreFor) {
  network.dns.set("other.test", {{kPublic}});
  for (const auto* target : {"http://other.test/x", "https://public.test/x", "http://public.test:8080/x"}) {
    const auto before = open_place.requests().size();
    script = [&](auto& connection, const auto&, int number) {
      const bool first = static_cast<std::size_t>(number) == before;
      connection.answer(first ? 302 : 200, "", first ? fmt::format("Location: {}\r\n", target) : "");
    };
    auto asked = request("GET", "http://public.test/");
    asked.headers = {{"Authorization", "Basic t0ken"}, {"X-Api-Key", "t0ken"}, {"Cookie", "t0ken"}};
    call(asked, std::chrono::milliseconds(500));  // nobody speaks TLS there
    const auto requests = open_place.requests();
    ASSERT_GT(requests.size(), before);
    EXPECT_THAT(requests[before], HasSubstr("t0ken"));
    for (auto i = before + 1; i < requests.size(); ++i)
      EXPECT_THAT(requests[i], Not(HasSubstr("t0ken"))) << target;
  }
  expect_only_public("redirects with credentials");
}

TEST_F(ApiReachTest, WhatTheAdministratorListsIsReached) {
  ApiCaller::Settings settings;
  settings.allowed = {domain::Network::parse("10.0.0.0/8").value()};
  settings.now = [this] { return clock_.load(); };
  ::testing::Test::RecordProperty("allowed", "10.0.0.0/8");
  ApiCaller caller(io_.get_executor(), metrics_, std::move(settings));
  network.add_host("10.0.0.7", open_place.port());
  network.dns.set("inner.test", {{"10.0.0.7"}});
  network.dns.set("outer.test", {{"192.168.0.7"}});
  const auto send = [&](const char* url) {
    return testing::await(
        io_, caller.call(step_, request("GET", url), {}, clock_.load() + std::chrono::seconds(10)));
  };
  EXPECT_EQ(body(send("http://inner.test/")), "public");
  EXPECT_NE(send("http://outer.test/").error, "");
  EXPECT_THAT(network.take_connected(), ElementsAre("10.0.0.7"));
  EXPECT_EQ(untouched.connections(), 0);
  testing::await(io_, caller.stop());
}

}  // namespace
}  // namespace runbook::engine
