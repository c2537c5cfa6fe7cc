#include "tests/unit/protocol/websocket_links.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include <optional>
#include <utility>

#include "protocol/runtime/task_group.hpp"
#include "protocol/transport/websocket_upgrade.hpp"

namespace runbook::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using transport::ByteStream;
using transport::WebSocketChannel;

asio::awaitable<WebSocketChannel> accept_one(ByteStream stream, std::string subprotocol) {
  boost::beast::flat_buffer buffer;
  http::request_parser<http::empty_body> parser;
  co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
  const auto rest = buffer.data();
  std::string already_read(static_cast<const char*>(rest.data()), rest.size());
  co_return co_await transport::accept_websocket(std::move(stream), parser.release(), std::move(subprotocol),
                                                 std::move(already_read));
}

asio::awaitable<Link> open_link(Streams streams) {
  std::optional<WebSocketChannel> server;
  auto accept = [&]() -> asio::awaitable<void> {
    server.emplace(co_await accept_one(std::move(streams.server), "test.v1"));
  };
  runtime::TaskGroup group(co_await asio::this_coro::executor, "accept");
  group.spawn("accept", accept());
  WebSocketChannel client =
      co_await WebSocketChannel::connect(std::move(streams.client), "localhost", "/agent", "test.v1");
  co_await group.wait();
  co_return Link{std::move(client), std::move(*server)};
}

void run_link(const LinkScene& scene) {
  run_both([&scene](Streams& streams) -> asio::awaitable<void> {
    Link link = co_await open_link(std::move(streams));
    runtime::TaskGroup writers(co_await asio::this_coro::executor, "writers");
    writers.spawn("client", link.client.write_loop());
    writers.spawn("server", link.server.write_loop());
    co_await scene(link);
    co_await writers.stop();
  });
}

}  // namespace runbook::testing
