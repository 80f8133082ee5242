#include "bindings/chunk_buffer.h"

#include "bindings/addon_data.h"
#include "bindings/view_bytes.h"

namespace simd_arena {

namespace {

/// Runs late, in any order with the end of the environment, perhaps on another thread: it only counts.
void OnBufferFinalized(napi_env, void*, void* count) { static_cast<BufferCount*>(count)->Remove(); }

void IgnorePendingException(napi_env env) {
  bool pending = false;
  napi_value exception;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(env, &exception);
}

}  // namespace

Napi::Value ExposePart(Napi::Env env, const ChunkPart& part) {
  napi_value buffer;
  BufferCount& buffers = part.chunk->buffers_at(part.offset);
  buffers.Add();
  const std::int32_t count = buffers.value();
  if (napi_create_external_arraybuffer(env, part.chunk->data() + part.offset, part.bytes, OnBufferFinalized, &buffers,
                                       &buffer) != napi_ok) {
    // Some versions run the finalizer of a call that fails, others do not.
    if (buffers.value() == count) buffers.Remove();
    IgnorePendingException(env);
    return env.Undefined();
  }
  part.chunk->exposed += 1;
  return {env, buffer};
}

bool IsBufferOf(napi_env env, const ChunkPart& part, napi_value buffer) {
  std::uint8_t* data;
  std::size_t bytes;
  return ReadArrayBuffer(env, buffer, &data, &bytes) && data == part.chunk->data() + part.offset && bytes == part.bytes;
}

bool CutPart(Napi::Env env, const ChunkPart& part, Napi::Value buffer) {
  if (part.chunk->exposed == 0 || !IsBufferOf(env, part, buffer)) return false;
  const Napi::FunctionReference& transfer = AddonData::Of(env).transfer;
  if (transfer.IsEmpty()) {
    if (napi_detach_arraybuffer(env, buffer) != napi_ok) {
      IgnorePendingException(env);
      return false;
    }
  } else {
    // Not napi_detach_arraybuffer: that aborts the process on a buffer that was marked as untransferable.
    const napi_value new_bytes = Napi::Number::New(env, 0);
    napi_value rest;
    if (napi_call_function(env, buffer, transfer.Value(), 1, &new_bytes, &rest) != napi_ok) {
      IgnorePendingException(env);
      return false;
    }
  }
  // Whatever it was that was called: only a detached buffer has let go of the memory.
  bool detached = false;
  if (napi_is_detached_arraybuffer(env, buffer, &detached) != napi_ok || !detached) return false;
  part.chunk->exposed -= 1;
  return true;
}

Napi::Value CanExpose(const Napi::CallbackInfo& info) {
  static std::uint8_t memory[64];
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(
      info.Env(), memory, sizeof memory, [](napi_env, void*, void*) {}, nullptr, &buffer);
  if (status != napi_ok) IgnorePendingException(info.Env());
  return Napi::Boolean::New(info.Env(), status == napi_ok);
}

}  // namespace simd_arena
