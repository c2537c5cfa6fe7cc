#include "controller/http/connection_quota.hpp"

namespace runbook::http {
namespace {

constexpr std::size_t kPrefixBytes = 8;  // whoever has one IPv6 address usually has its whole /64

std::string key_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto wide = address.to_v6();
  const auto bytes = wide.to_bytes();
  if (wide.is_v4_mapped()) return {bytes.end() - 4, bytes.end()};
  return {bytes.begin(), bytes.begin() + kPrefixBytes};
}

}  // namespace

std::optional<ConnectionQuota::Place> ConnectionQuota::take(const boost::asio::ip::address& address) {
  std::string key = key_of(address);
  if (taken_ >= in_all_) return std::nullopt;
  std::size_t& here = by_address_[key];
  if (here >= per_address_) {
    if (here == 0) by_address_.erase(key);
    return std::nullopt;
  }
  ++here;
  ++taken_;
  return Place(*this, std::move(key));
}

ConnectionQuota::Place::~Place() {
  if (quota_ == nullptr) return;
  --quota_->taken_;
  const auto found = quota_->by_address_.find(key_);
  if (--found->second == 0) quota_->by_address_.erase(found);
}

}  // namespace runbook::http
