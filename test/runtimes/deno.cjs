// mocha's options on Deno: all tests but those that are about what differs there.
'use strict';

module.exports = {
  ...require('./portable.json'),
  ignore: [
    // What crypto and zlib do with buffers that are detached under them is theirs: JavaScript errors that Node.js has not.
    'build/test/integration/hostile.test.js',
    // Deno says that a worker has ended before it has: its memory comes back a moment later.
    'build/test/integration/workers.test.js',
  ],
};
