#include "protocol/runtime/expected_end.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

namespace runbook::runtime {
namespace {

namespace error = boost::asio::error;

TEST(ExpectedEnd, TheEndsOfAConnectionAreNamed) {
  for (const auto code :
       {error::make_error_code(error::eof), error::make_error_code(error::connection_reset),
        error::make_error_code(error::broken_pipe), error::make_error_code(error::operation_aborted),
        error::make_error_code(error::timed_out)}) {
    EXPECT_TRUE(expected_end(code)) << code.message();
  }
  EXPECT_TRUE(expected_end(make_error_code(boost::asio::ssl::error::stream_truncated)));
}

TEST(ExpectedEnd, OtherErrorsAreNot) {
  EXPECT_FALSE(expected_end(boost::system::error_code{}));
  EXPECT_FALSE(expected_end(error::make_error_code(error::no_memory)));
  EXPECT_FALSE(expected_end(error::make_error_code(error::connection_refused)));
}

TEST(ExpectedEnd, ExceptionsAreJudgedByTheirCode) {
  EXPECT_TRUE(
      expected_end(std::make_exception_ptr(boost::system::system_error(error::make_error_code(error::eof)))));
  EXPECT_FALSE(expected_end(std::make_exception_ptr(std::runtime_error("x"))));
  EXPECT_FALSE(expected_end(std::make_exception_ptr(1)));
  EXPECT_TRUE(expected_end(std::exception_ptr()));
}

TEST(ExpectedEnd, ExceptionsAreDescribed) {
  EXPECT_EQ(describe(std::make_exception_ptr(std::runtime_error("disk full"))), "disk full");
  EXPECT_EQ(describe(std::make_exception_ptr(1)), "an exception of an unknown type");
  EXPECT_EQ(describe(nullptr), "");
}

}  // namespace
}  // namespace runbook::runtime
