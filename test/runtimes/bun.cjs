// mocha's options on Bun: all tests but those that are about what differs there.
'use strict';

module.exports = {
  ...require('./portable.json'),
  ignore: [
    // Bun's own process.nextTick fails where the stack is exhausted, for everybody.
    'build/test/integration/exhausted-stack.test.js',
    // What sockets and zlib do with buffers that are detached under them is theirs: JavaScript errors that Node.js has not.
    'build/test/integration/hostile.test.js',
  ],
};
