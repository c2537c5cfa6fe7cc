#include "tests/bench/simulated_agent.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "agent/connection/dial.hpp"
#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::bench {

namespace asio = boost::asio;

namespace {

Time now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string sha256(std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::string lines(std::size_t bytes) {
  constexpr std::string_view kLine = "The quick brown fox jumps over the lazy dog.\n";
  std::string text;
  while (text.size() < bytes) text += kLine;
  text.resize(bytes);
  return text;
}

}  // namespace

SimulatedAgent::SimulatedAgent(connection::ControllerAddress controller, std::size_t output_bytes,
                               Counters& counters)
    : controller_(std::move(controller)),
      output_bytes_(output_bytes),
      counters_(counters),
      incarnation_(runtime::new_uuid()) {}

asio::awaitable<bool> SimulatedAgent::enrol(std::string token, std::string ca_sha256, std::string name) {
  connection::EnrolmentRequest request;
  request.controller = controller_;
  request.token = std::move(token);
  request.ca_sha256 = std::move(ca_sha256);
  request.name = std::move(name);
  request.labels = {{"simulated", "true"}};
  auto enrolment = co_await connection::enroll(std::move(request));
  if (!enrolment) {
    ++counters_.refused;
    runtime::log_warning({}, enrolment.error().message);
    co_return false;
  }
  ++counters_.enrolled;
  identity_ = std::move(*enrolment);
  tls_ = certs::agent_link(identity_.certificate_pem, identity_.key_pem, identity_.ca_pem);
  co_return true;
}

asio::awaitable<void> SimulatedAgent::serve() {
  std::exception_ptr escaped;
  std::unique_ptr<transport::ByteStream> stream;
  try {
    stream = co_await connection::dial(controller_, tls_);
  } catch (const boost::system::system_error&) {
    ++counters_.failed_dials;
    throw;
  }
  auto channel =
      co_await transport::WebSocketChannel::connect(std::move(*stream), std::string(certs::kControllerName),
                                                    std::string(kAgentPath), std::string(kSubprotocol));
  runtime::TaskGroup writer(co_await asio::this_coro::executor, "simulated agent");
  writer.spawn("writer", channel.write_loop());
  try {
    co_await converse(channel);
  } catch (...) {
    escaped = std::current_exception();
  }
  if (welcomed_) --counters_.connected;
  welcomed_ = false;
  co_await writer.stop();
  if (escaped) std::rethrow_exception(escaped);
}

asio::awaitable<void> SimulatedAgent::converse(transport::WebSocketChannel& channel) {
  Hello hello;
  hello.agent_version = RUNBOOK_VERSION;
  hello.os = "simulated";
  hello.arch = "none";
  hello.hostname = identity_.name;
  hello.boot_id = incarnation_.str();
  hello.incarnation = incarnation_;
  channel.push({false, encode(AgentMessage(std::move(hello)))});
  for (;;) {
    const auto message = co_await channel.read();
    if (!message) co_return;
    const auto decoded = decode_controller_message(message->data);
    if (!decoded) {
      runtime::log_error({}, decoded.error().message);
      co_return;
    }
    if (std::holds_alternative<Welcome>(*decoded)) {
      welcomed_ = true;
      ++counters_.connected;
      ++counters_.connections;
    } else if (const auto* run = std::get_if<RunCommand>(&*decoded)) {
      co_await take(channel, *run);
    } else if (std::holds_alternative<StopCommand>(*decoded)) {
      ++counters_.stops;
    } else if (std::holds_alternative<Close>(*decoded)) {
      ++counters_.closes;
    }
  }
}

asio::awaitable<void> SimulatedAgent::take(transport::WebSocketChannel& channel, const RunCommand& run) {
  ++counters_.runs;
  const Time started = now();
  channel.push({false, encode(AgentMessage(Started{run.attempt, 1, started}))});
  const std::string output = lines(output_bytes_);
  for (std::size_t at = 0; at < output.size(); at += limits::kFrameDataBytes) {
    const auto piece = std::string_view(output).substr(at, limits::kFrameDataBytes);
    channel.push({true, encode_frame(run.attempt, Stream::kStdout, at, piece)});
    co_await channel.drained_below(limits::kAttemptInFlightBytes);
    counters_.output_bytes += piece.size();
  }
  Finished finished;
  finished.attempt = run.attempt;
  finished.exit_code = 0;
  finished.stdout_bytes = output.size();
  finished.stdout_sha256 = sha256(output);
  finished.stderr_sha256 = sha256({});
  finished.started_at = started;
  finished.ended_at = now();
  channel.push({false, encode(AgentMessage(std::move(finished)))});
}

}  // namespace runbook::bench
