#include "controller/domain/network_guard.hpp"

#include <gtest/gtest.h>

namespace runbook::domain {
namespace {

std::optional<std::string> judged(std::string_view address, std::vector<std::string_view> allowed = {}) {
  std::vector<Network> networks;
  for (const auto network : allowed) networks.push_back(Network::parse(network).value());
  return refusal(IpAddress::parse(address).value(), networks);
}

TEST(NetworkGuard, RefusesEveryAddressThatIsNotPublic) {
  for (const auto* address : {
           "0.0.0.0",
           "0.1.2.3",
           "10.0.0.1",
           "10.255.255.255",
           "100.64.0.1",
           "100.127.255.255",
           "100.100.100.200",
           "127.0.0.1",
           "127.255.0.1",
           "168.63.129.16",
           "169.254.0.1",
           "169.254.169.254",
           "172.16.0.1",
           "172.31.255.255",
           "192.0.0.192",
           "192.0.2.1",
           "192.88.99.1",
           "192.168.1.1",
           "198.18.0.1",
           "198.19.255.255",
           "198.51.100.1",
           "203.0.113.1",
           "224.0.0.1",
           "239.255.255.255",
           "240.0.0.1",
           "255.255.255.255",
           "::",
           "::1",
           "::2",
           "::127.0.0.1",
           "fc00::1",
           "fd00:ec2::254",
           "fdff::1",
           "fe80::1",
           "febf::1",
           "fec0::1",
           "ff02::1",
           "100::1",
           "2001::1",
           "2001:0:4136:e378::1",
           "2001:db8::1",
           "3fff::1",
           "4000::1",
           "5f00::1",
           "::ffff:127.0.0.1",
           "::ffff:169.254.169.254",
           "::ffff:10.0.0.1",
           "::ffff:0:127.0.0.1",
           "64:ff9b::127.0.0.1",
           "64:ff9b::10.0.0.1",
           "64:ff9b::169.254.169.254",
           "64:ff9b:1::1",
           "64:ff9b:1::8.8.8.8",
           "2002:7f00:1::1",
           "2002:a00:1::1",
           "2002:a9fe:a9fe::1",
           "2606:4700::5efe:10.0.0.1",
           "2606:4700::200:5efe:127.0.0.1",
       }) {
    EXPECT_TRUE(judged(address)) << address;
  }
}

TEST(NetworkGuard, AllowsPublicAddresses) {
  for (const auto* address :
       {"1.1.1.1",        "8.8.8.8",          "9.255.255.255",   "11.0.0.0",        "93.184.216.34",
        "100.63.255.255", "100.128.0.0",      "126.255.255.255", "128.0.0.0",       "169.253.255.255",
        "169.255.0.0",    "172.15.255.255",   "172.32.0.0",      "192.0.1.1",       "192.167.255.255",
        "192.169.0.0",    "198.17.255.255",   "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111",
        "2a00:1450::1",   "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(judged(address)) << address << ": " << judged(address).value_or("");
  }
}

TEST(NetworkGuard, AllowsWhatTheAdministratorLists) {
  EXPECT_FALSE(judged("127.0.0.1", {"127.0.0.0/8"}));
  EXPECT_FALSE(judged("::ffff:127.0.0.1", {"10.0.0.0/8", "127.0.0.0/8"}));
  EXPECT_FALSE(judged("64:ff9b::10.1.2.3", {"10.0.0.0/8"}));
  EXPECT_FALSE(judged("fd12::1", {"fd12::/16"}));
  EXPECT_FALSE(judged("::1", {"::1/128"}));
  EXPECT_FALSE(judged("10.0.0.1", {"0.0.0.0/0"}));
  EXPECT_TRUE(judged("10.0.0.1", {"127.0.0.0/8", "10.0.0.2/32", "fd00::/8"}));
  EXPECT_TRUE(judged("::1", {"127.0.0.0/8", "0.0.0.0/0"}));
}

TEST(NetworkGuard, SaysWhatToDo) {
  EXPECT_EQ(judged("10.1.2.3"),
            "10.1.2.3 is a private address. Allow it with --allow-api-target 10.1.2.3/32 when API blocks are "
            "meant to reach it.");
  EXPECT_EQ(
      judged("fe80::1"),
      "fe80::1 is a link-local address. Allow it with --allow-api-target fe80::1/128 when API blocks are "
      "meant to reach it.");
}

TEST(Network, IsAnAddressWithALength) {
  for (const auto* text : {"10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "::/0", "fd00::/8", "::1/128"}) {
    EXPECT_TRUE(Network::parse(text)) << text;
  }
  for (const auto* text :
       {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/8 ",
        " 10.0.0.0/8", "::/129", "fd00::", "localhost/8", "0x7f.1/8", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(Network, HoldsWhatSharesItsFirstBits) {
  const auto network = Network::parse("10.32.0.0/11").value();
  EXPECT_TRUE(network.contains(IpAddress::parse("10.63.255.255").value()));
  EXPECT_FALSE(network.contains(IpAddress::parse("10.64.0.0").value()));
  EXPECT_FALSE(network.contains(IpAddress::parse("::10.32.0.1").value()));
}

TEST(IpAddress, IsWrittenAsItWasRead) {
  for (const auto* text : {"10.0.0.1", "::1", "2606:4700::1111", "fe80::1"}) {
    EXPECT_EQ(IpAddress::parse(text).value().str(), text);
  }
  EXPECT_EQ(IpAddress::parse("::ffff:1.2.3.4").value().str(), "1.2.3.4");
  EXPECT_FALSE(IpAddress::parse("0x7f.1"));
  EXPECT_FALSE(IpAddress::parse("127.1"));
  EXPECT_FALSE(IpAddress::parse("localhost"));
}

}  // namespace
}  // namespace runbook::domain
