// Runs a program's event loop: start, wait for SIGINT, SIGTERM or SIGHUP, stop. Whatever happens, stop() is
// awaited.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <functional>

namespace runbook::app {

// Made early: signals that come while the program starts are delivered when the loop runs.
class SignalWatch {
 public:
  explicit SignalWatch(boost::asio::io_context& context) : signals_(context, SIGINT, SIGTERM, SIGHUP) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that left is an error of the write
  }
  boost::asio::signal_set& set() { return signals_; }

 private:
  boost::asio::signal_set signals_;
};

// Rethrows what start() or stop() threw.
void run_program(boost::asio::io_context& context, SignalWatch& signals,
                 std::function<boost::asio::awaitable<void>()> start,
                 std::function<boost::asio::awaitable<void>()> stop);

template <class Program>
void run_until_signal(boost::asio::io_context& context, SignalWatch& signals, Program& program) {
  run_program(
      context, signals, [&program] { return program.start(); }, [&program] { return program.stop(); });
}

}  // namespace runbook::app
