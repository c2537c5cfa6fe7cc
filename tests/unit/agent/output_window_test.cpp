#include "agent/connection/output_window.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/messages/limits.hpp"

namespace runbook::connection {
namespace {

const Uuid kAttempt = *Uuid::parse("00000000-0000-4000-8000-000000000001");

std::vector<OutputFrame> drain(OutputWindow& window) {
  std::vector<OutputFrame> frames;
  while (auto bytes = window.next_frame(kAttempt)) frames.push_back(decode_frame(*bytes).value());
  return frames;
}

TEST(OutputWindow, GivesFramesInTheOrderRead) {
  OutputWindow window;
  window.append(Stream::kStdout, "one");
  window.append(Stream::kStderr, "two");
  window.append(Stream::kStdout, "three");
  const auto frames = drain(window);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0], (OutputFrame{kAttempt, Stream::kStdout, 0, "one"}));
  EXPECT_EQ(frames[1], (OutputFrame{kAttempt, Stream::kStderr, 0, "two"}));
  EXPECT_EQ(frames[2], (OutputFrame{kAttempt, Stream::kStdout, 3, "three"}));
  EXPECT_TRUE(window.all_sent());
}

TEST(OutputWindow, JoinsWhatWaitsAndKeepsFramesWithinTheirLimit) {
  OutputWindow window;
  for (int i = 0; i < 1000; ++i) window.append(Stream::kStdout, "x");
  window.append(Stream::kStdout, std::string(2 * limits::kFrameDataBytes, 'y'));
  const auto frames = drain(window);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].data.size(), limits::kFrameDataBytes);
  EXPECT_EQ(frames[1].data.size(), limits::kFrameDataBytes);
  EXPECT_EQ(frames[2].data.size(), 1000U);
}

TEST(OutputWindow, ForgetsOnlyWhatIsAcknowledged) {
  OutputWindow window;
  window.append(Stream::kStdout, std::string(100, 'a'));
  drain(window);
  window.append(Stream::kStderr, std::string(50, 'b'));
  drain(window);
  EXPECT_EQ(window.held(), 150 + 2 * OutputWindow::kPieceOverhead);
  EXPECT_TRUE(window.acknowledge(Stream::kStdout, 100));
  EXPECT_EQ(window.held(), 50 + OutputWindow::kPieceOverhead);
  EXPECT_TRUE(window.acknowledge(Stream::kStderr, 50));
  EXPECT_EQ(window.held(), 0U);
}

TEST(OutputWindow, RefusesToForgetWhatWasNotSent) {
  OutputWindow window;
  window.append(Stream::kStdout, "abc");
  EXPECT_FALSE(window.acknowledge(Stream::kStdout, 3));
  drain(window);
  EXPECT_FALSE(window.acknowledge(Stream::kStdout, 4));
  EXPECT_FALSE(window.acknowledge(Stream::kStderr, 1));
  EXPECT_TRUE(window.acknowledge(Stream::kStdout, 3));
}

TEST(OutputWindow, SendsAgainFromWhereTheControllerWants) {
  OutputWindow window;
  window.append(Stream::kStdout, "hello ");
  drain(window);
  window.append(Stream::kStdout, "world");
  EXPECT_TRUE(window.resume(2, 0));
  std::string text;
  std::uint64_t offset = 2;
  for (const OutputFrame& frame : drain(window)) {
    EXPECT_EQ(frame.offset, offset);
    text += frame.data;
    offset += frame.data.size();
  }
  EXPECT_EQ(text, "llo world");
}

TEST(OutputWindow, SaysWhenItCannotGoBackAndSendsWhatItHas) {
  OutputWindow window;
  window.append(Stream::kStdout, "abc");
  drain(window);
  window.acknowledge(Stream::kStdout, 3);
  window.append(Stream::kStdout, "def");
  EXPECT_FALSE(window.resume(1, 0));
  const auto frames = drain(window);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].offset, 3U);
  EXPECT_FALSE(window.resume(7, 0));
}

TEST(OutputWindow, CountsEveryPieceSoThatTinyOnesAreBoundedToo) {
  OutputWindow window;
  for (int i = 0; i < 100; ++i) {
    window.append(Stream::kStdout, "o");
    window.append(Stream::kStderr, "e");
  }
  EXPECT_EQ(window.held(), 200 + 200 * OutputWindow::kPieceOverhead);
  drain(window);
  window.acknowledge(Stream::kStdout, 100);
  window.acknowledge(Stream::kStderr, 100);
  EXPECT_EQ(window.held(), 0U);
}

TEST(WindowShare, IsWholeForAFewAndEqualForMany) {
  EXPECT_EQ(window_share(0), limits::kAttemptInFlightBytes);
  EXPECT_EQ(window_share(1), limits::kAttemptInFlightBytes);
  EXPECT_EQ(window_share(8), limits::kAttemptInFlightBytes);
  EXPECT_EQ(window_share(9), limits::kAgentInFlightBytes / 9);
  for (std::size_t open = 1; open <= limits::kAgentAttempts; ++open) {
    EXPECT_LE(window_share(open) * open, limits::kAgentInFlightBytes);
    EXPECT_GE(window_share(open), 32U * 1024U);
  }
}

}  // namespace
}  // namespace runbook::connection
