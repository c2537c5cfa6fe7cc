#include "protocol/messages/frame.hpp"

#include <gtest/gtest.h>

#include <string>

#include "protocol/messages/crc32c.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/unit/protocol/vectors.hpp"

namespace runbook {
namespace {

using testing::from_hex;
using testing::read_vectors;
using testing::text_of;
using testing::to_hex;

const boost::json::object& vectors() {
  static const boost::json::object read = read_vectors("output_frames.json");
  return read;
}

OutputFrame described(const boost::json::object& vector) {
  OutputFrame frame;
  frame.attempt = *Uuid::parse(text_of(vector, "attempt"));
  frame.stream = text_of(vector, "stream") == "stdout" ? Stream::kStdout : Stream::kStderr;
  frame.offset = std::stoull(text_of(vector, "offset"));
  frame.data = from_hex(text_of(vector, "data"));
  return frame;
}

TEST(OutputFrame, GoldenFramesAreWrittenAndReadExactly) {
  for (const auto& item : vectors().at("frames").as_array()) {
    const auto& vector = item.as_object();
    const OutputFrame frame = described(vector);
    EXPECT_EQ(to_hex(encode_frame(frame.attempt, frame.stream, frame.offset, frame.data)),
              text_of(vector, "frame"));
    const auto decoded = decode_frame(from_hex(text_of(vector, "frame")));
    ASSERT_TRUE(decoded) << text_of(vector, "name");
    EXPECT_EQ(*decoded, frame) << text_of(vector, "name");
  }
}

TEST(OutputFrame, WhatALaterVersionMayAddIsRead) {
  for (const auto& item : vectors().at("accepted").as_array()) {
    const auto& vector = item.as_object();
    const auto decoded = decode_frame(from_hex(text_of(vector, "frame")));
    ASSERT_TRUE(decoded) << text_of(vector, "name");
    EXPECT_EQ(*decoded, described(vector)) << text_of(vector, "name");
  }
}

TEST(OutputFrame, WrongFramesAreRefused) {
  for (const auto& item : vectors().at("refused").as_array()) {
    const auto& vector = item.as_object();
    EXPECT_FALSE(decode_frame(from_hex(text_of(vector, "frame")))) << text_of(vector, "name");
  }
}

TEST(OutputFrame, TheLimitOfDataIsAllowedAndOneByteMoreIsNot) {
  const Uuid attempt = *Uuid::parse("0198c5a2-7b1e-7c3d-9e4f-0123456789ab");
  const std::string most(limits::kFrameDataBytes, 'x');
  EXPECT_TRUE(decode_frame(encode_frame(attempt, Stream::kStdout, 0, most)));
  const auto refused = decode_frame(encode_frame(attempt, Stream::kStdout, 0, most + 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(Crc32c, PublishedAndGoldenValuesMatch) {
  for (const auto& item : vectors().at("crc32c").as_array()) {
    const std::string data = from_hex(text_of(item.as_object(), "data"));
    const auto expected =
        static_cast<std::uint32_t>(std::stoul(text_of(item.as_object(), "value"), nullptr, 16));
    EXPECT_EQ(crc32c(data), expected);
    EXPECT_EQ(checksum::crc32c_portable(data, 0), expected);
  }
}

TEST(Crc32c, BothFormsAgreeAndContinueAtAnyCut) {
  std::string data;
  for (int i = 0; i < 200; ++i) data.push_back(static_cast<char>(i * 37));
  const std::uint32_t whole = checksum::crc32c_portable(data, 0);
  for (std::size_t cut = 0; cut <= data.size(); ++cut) {
    const std::string_view first = std::string_view(data).substr(0, cut);
    const std::string_view rest = std::string_view(data).substr(cut);
    EXPECT_EQ(checksum::crc32c_portable(rest, checksum::crc32c_portable(first, 0)), whole);
    if (!checksum::crc32c_hardware_available()) continue;
    EXPECT_EQ(checksum::crc32c_hardware(rest, checksum::crc32c_hardware(first, 0)), whole);
  }
}

}  // namespace
}  // namespace runbook
