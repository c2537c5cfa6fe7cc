// A server on its own thread, for the tests of controller/http.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <memory>
#include <string>
#include <thread>

#include "controller/http/problem.hpp"
#include "controller/http/server.hpp"
#include "tests/unit/http/raw_client.hpp"

namespace runbook::http {

class ServerTest : public testing::Test {
 protected:
  ~ServerTest() override { stop(); }

  void start(Handler handler, ServerSettings settings = {}) {
    settings.endpoint = {boost::asio::ip::make_address("127.0.0.1"), 0};
    if (settings.name.empty()) settings.name = "test";
    server_ = std::make_unique<Server>(context_.get_executor(), std::move(settings), std::move(handler));
    server_->start();
    port_ = server_->local_endpoint().port();
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop() {
    if (!server_) return;
    std::promise<void> stopped;
    boost::asio::co_spawn(context_, server_->stop(), [&](std::exception_ptr) { stopped.set_value(); });
    stopped.get_future().wait();
    work_.reset();
    thread_.join();
    server_.reset();
  }

  RawClient client() const { return RawClient(port_); }

  // One request on a connection of its own.
  RawClient::Answer ask(std::string_view request) {
    RawClient one(port_);
    one.send(request);
    return one.read_answer();
  }

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline Response text(std::string body, unsigned status = 200) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

// Answers with what it understood: "GET /path body".
inline boost::asio::awaitable<Response> echo(const Request& request, BodyReader& body) {
  auto read = co_await body.read(limits::kHttpBodyBytes);
  if (!read) co_return problem(read.error(), request.request_id);
  co_return text(std::string(to_string(request.method)) + " " + request.path + " " + *read);
}

}  // namespace runbook::http
