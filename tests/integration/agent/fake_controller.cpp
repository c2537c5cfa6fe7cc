#include "tests/integration/agent/fake_controller.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include <utility>

#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/transport/websocket_upgrade.hpp"

namespace runbook::connection {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

// Connections end as they like: the test judges by what was stored.
void ignore(const std::exception_ptr&) {}

}  // namespace

FakeController::FakeController(asio::io_context& io, const certs::FleetAuthority& authority)
    : io_(io),
      authority_(authority),
      acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      renewal_gate_(io, std::chrono::steady_clock::time_point::min()) {
  const auto pair = authority.issue_controller(now());
  tls_ = certs::agent_listener(pair.certificate.pem, pair.key_pem, authority.trusted_pem());
  asio::co_spawn(io_, accept(), ignore);
}

FakeController::~FakeController() = default;

std::string FakeController::url() const {
  return fmt::format("https://127.0.0.1:{}", acceptor_.local_endpoint().port());
}

asio::awaitable<void> FakeController::accept() {
  while (true) {
    tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
    asio::co_spawn(io_, serve(std::move(socket)), ignore);
  }
}

asio::awaitable<void> FakeController::serve(tcp::socket socket) {
  auto stream = transport::ByteStream::tls_server(std::move(socket), tls_);
  co_await stream.handshake();
  boost::beast::flat_buffer buffer;
  http::request<http::string_body> request;
  co_await http::async_read(stream, buffer, request, asio::use_awaitable);
  if (request.target() == "/enroll") {
    co_await enroll(stream, request.body());
    co_return;
  }
  if (request.target() == "/renew") {
    co_await renew(stream, request.body());
    co_return;
  }
  const auto identity = certs::agent_identity(stream.peer_certificate());
  EXPECT_TRUE(identity.has_value());
  agent_ = identity->agent;
  serial = identity->serial;
  transport::UpgradeRequest upgrade(request.base());
  auto opened =
      co_await transport::accept_websocket(std::move(stream), upgrade, std::string(kSubprotocol), "");
  auto channel = std::make_shared<transport::WebSocketChannel>(std::move(opened));
  asio::co_spawn(io_, channel->write_loop(), ignore);
  if (refuses_everyone) channel->close(transport::CloseCode::kPolicy, "unknown agent");
  ++connections;
  channel_ = channel;
  co_await talk(channel);
  if (channel_ == channel) channel_.reset();
}

asio::awaitable<void> FakeController::enroll(transport::ByteStream& stream, const std::string& body) {
  const auto document = parse_json(body).value();
  const auto& object = document.as_object();
  int status = 401;
  boost::json::object answer = {{"title", "Not accepted"}, {"detail", "The token is unknown or used."}};
  if (object.at("token").as_string() == token) {
    token.clear();
    const Uuid agent = runtime::new_uuid();
    const auto issued =
        authority_.issue_agent(std::string(object.at("csr").as_string()), agent, now() - issued_ago);
    EXPECT_TRUE(issued.has_value());
    status = 201;
    answer = {{"agent_id", agent.str()},        {"name", object.at("name")},
              {"labels", object.at("labels")},  {"certificate", issued->pem},
              {"ca", authority_.trusted_pem()}, {"dispatch_key", dispatch_key.public_key()}};
  }
  const std::string text = boost::json::serialize(answer);
  const std::string response =
      fmt::format("HTTP/1.1 {} X\r\ncontent-length: {}\r\n\r\n{}", status, text.size(), text);
  co_await asio::async_write(stream, asio::buffer(response), asio::use_awaitable);
  stream.shutdown_write();
}

asio::awaitable<void> FakeController::renew(transport::ByteStream& stream, const std::string& body) {
  boost::system::error_code opened;
  co_await renewal_gate_.async_wait(asio::redirect_error(asio::use_awaitable, opened));
  const auto document = parse_json(body).value();
  const auto agent = certs::agent_identity(stream.peer_certificate()).value().agent;
  const auto issued =
      authority_.issue_agent(std::string(document.as_object().at("csr").as_string()), agent, now());
  EXPECT_TRUE(issued.has_value());
  const boost::json::object answer = {
      {"agent_id", agent.str()}, {"certificate", issued->pem}, {"ca", authority_.trusted_pem()}};
  const std::string text = boost::json::serialize(answer);
  const std::string response =
      fmt::format("HTTP/1.1 201 X\r\ncontent-length: {}\r\n\r\n{}", text.size(), text);
  co_await asio::async_write(stream, asio::buffer(response), asio::use_awaitable);
  stream.shutdown_write();
  ++renewals;
}

asio::awaitable<void> FakeController::talk(std::shared_ptr<transport::WebSocketChannel> channel) {
  while (channel_ == channel) {
    const auto message = co_await channel->read();
    // What an earlier connection still delivers after its cut was never received.
    if (!message || channel_ != channel) break;
    take(*message);
  }
}

void FakeController::take(const transport::WebSocketMessage& message) {
  if (!message.binary) return take_control(decode_agent_message(message.data).value());
  const OutputFrame frame = decode_frame(message.data).value();
  Stored& attempt = stored[frame.attempt];
  std::string& bytes = frame.stream == Stream::kStdout ? attempt.out : attempt.err;
  EXPECT_EQ(frame.offset, bytes.size());
  bytes += frame.data;
  const Ack ack{frame.attempt, frame.stream, bytes.size()};
  on_frame();
  send(ack);
}

void FakeController::take_control(const AgentMessage& message) {
  if (const auto* said = std::get_if<Hello>(&message)) {
    hello = *said;
    if (welcomes) welcome();
  }
  if (const auto* started = std::get_if<Started>(&message)) ++stored[started->attempt].started;
  if (const auto* refused = std::get_if<Refused>(&message)) {
    stored[refused->attempt].refused = *refused;
    send(Close{refused->attempt});
  }
  if (const auto* finished = std::get_if<Finished>(&message)) {
    stored[finished->attempt].finished = *finished;
    send(Close{finished->attempt});
  }
  on_message();
}

void FakeController::welcome() {
  Welcome welcome;
  welcome.authorities = authority_.trusted_sha256();
  for (const AttemptReport& report : hello->attempts) {
    const Stored& attempt = stored[report.attempt];
    if (attempt.finished || attempt.refused) {
      welcome.close.push_back(report.attempt);
    } else {
      welcome.resume.push_back({report.attempt, attempt.out.size(), attempt.err.size()});
    }
  }
  send(welcome);
}

void FakeController::send(const ControllerMessage& message) {
  if (!channel_) return;
  const auto* run = std::get_if<RunCommand>(&message);
  if (run == nullptr || !run->signature.empty())
    return static_cast<void>(channel_->push({false, encode(message)}));
  auto sent = bound(*run);
  if (alter) alter(sent);
  channel_->push({false, encode(ControllerMessage(std::move(sent)))});
}

RunCommand FakeController::bound(RunCommand run) const {
  run.root = std::string(64, 'a');
  run.leaf = leaf_digest(leaf_of(run, agent_));
  dispatch_key.sign(run, {agent_, hello->incarnation});
  return run;
}

void FakeController::cut() {
  const auto channel = std::move(channel_);
  if (channel) const transport::WebSocketChannel gone(std::move(*channel));
}

}  // namespace runbook::connection
