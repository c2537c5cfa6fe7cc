// HandshakeQueue: how many TLS handshakes are under way at once, in all and per client network
// (client_network.hpp). They are what an unknown client makes the listener compute most; more of them wait,
// the networks taking turns, so that a flood from one delays neither the others nor those who are connected.
// One thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace runbook::http {

class HandshakeQueue {
 public:
  using Clock = std::chrono::steady_clock;

  HandshakeQueue(boost::asio::any_io_executor executor, std::size_t in_all, std::size_t per_network)
      : executor_(std::move(executor)), in_all_(in_all), per_network_(per_network) {}
  HandshakeQueue(const HandshakeQueue&) = delete;
  HandshakeQueue& operator=(const HandshakeQueue&) = delete;

  // A turn taken, given back when this is destroyed. The queue must outlive it.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept
        : queue_(std::exchange(other.queue_, nullptr)), network_(std::move(other.network_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    friend class HandshakeQueue;
    Turn(HandshakeQueue& queue, std::string network) : queue_(&queue), network_(std::move(network)) {}
    HandshakeQueue* queue_ = nullptr;
    std::string network_;
  };

  // Waits for a turn; nothing when `deadline` came first.
  boost::asio::awaitable<std::optional<Turn>> take(std::string network, Clock::time_point deadline);

  std::size_t under_way() const { return under_way_; }

 private:
  struct Waiter {
    boost::asio::steady_timer timer;
    bool admitted = false;
  };
  struct Network {
    std::size_t under_way = 0;
    std::deque<Waiter*> waiting;
  };
  void admit(Network& network);
  void give_back(const std::string& network);
  void admit_next();
  void leave(const std::string& network, Waiter& waiter);

  boost::asio::any_io_executor executor_;
  std::size_t in_all_;
  std::size_t per_network_;
  std::size_t under_way_ = 0;
  std::unordered_map<std::string, Network> networks_;  // with something under way or waiting
  std::deque<std::string> turns_;                      // networks with somebody waiting, each once
};

}  // namespace runbook::http
