#include "controller/http/connection_quota.hpp"

#include "controller/http/client_network.hpp"

namespace runbook::http {

std::optional<ConnectionQuota::Place> ConnectionQuota::take(const boost::asio::ip::address& address) {
  std::string key = client_network(address);
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
