// How Beast's WebSocket ends a ByteStream: found by argument-dependent look-up.
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "protocol/transport/byte_stream.hpp"

namespace runbook::transport {

inline void teardown(boost::beast::role_type, ByteStream& stream, boost::system::error_code& error) {
  stream.shutdown_write();
  stream.close();
  error = {};
}

// Ends our side, then reads until the peer ends its side; the channel's timer bounds the wait.
struct TeardownOperation {
  static constexpr std::size_t kDiscardBytes = 512;

  ByteStream& stream;
  std::unique_ptr<std::array<char, kDiscardBytes>> discarded;

  template <class Self>
  void operator()(Self& self) {
    stream.shutdown_write();
    read_on(self);
  }

  template <class Self>
  void operator()(Self& self, boost::system::error_code error, std::size_t) {
    if (error == boost::asio::error::operation_aborted) return self.complete(error);
    if (error) return self.complete({});  // whatever it is: there is nothing left to end
    read_on(self);
  }

 private:
  template <class Self>
  void read_on(Self& self) {
    const auto buffer = boost::asio::buffer(*discarded);
    stream.async_read_some(buffer, std::move(self));
  }
};

template <class Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
  using Buffer = std::array<char, TeardownOperation::kDiscardBytes>;
  boost::asio::async_compose<Handler, void(boost::system::error_code)>(
      TeardownOperation{stream, std::make_unique<Buffer>()}, handler, stream.next_layer());
}

}  // namespace runbook::transport
