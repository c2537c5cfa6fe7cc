// ConnectionQuota: how many connections there are, in all and per address (RFC 4291 /64 for IPv6). One
// thread.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace runbook::http {

class ConnectionQuota {
 public:
  ConnectionQuota(std::size_t in_all, std::size_t per_address) : in_all_(in_all), per_address_(per_address) {}
  ConnectionQuota(const ConnectionQuota&) = delete;
  ConnectionQuota& operator=(const ConnectionQuota&) = delete;

  // A place taken, given back when this is destroyed. The quota must outlive it.
  class Place {
   public:
    Place(Place&& other) noexcept
        : quota_(std::exchange(other.quota_, nullptr)), key_(std::move(other.key_)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class ConnectionQuota;
    Place(ConnectionQuota& quota, std::string key) : quota_(&quota), key_(std::move(key)) {}
    ConnectionQuota* quota_;
    std::string key_;
  };

  std::optional<Place> take(const boost::asio::ip::address& address);
  std::size_t taken() const { return taken_; }

 private:
  std::size_t in_all_;
  std::size_t per_address_;
  std::size_t taken_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace runbook::http
