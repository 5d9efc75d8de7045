// Protocol versions: which ones the server lists, and what a packet's version attribute resolves to (protocol-core §3).

package plesksim

import (
	"slices"
	"strings"
)

// NewestVersion is the protocol that the simulator speaks.
const NewestVersion = "1.6.9.1"

// protocols are the versions that server/get_protos lists. All are accepted; all have the semantics of the newest.
var protocols = []string{
	"1.0.0.0", "1.1.0.0", "1.2.0.0", "1.3.0.0", "1.3.1.0", "1.3.2.0", "1.3.3.0", "1.3.4.0", "1.3.4.1", "1.3.5.0", "1.3.5.1",
	"1.4.0.0", "1.4.1.0", "1.4.1.1", "1.4.1.2", "1.4.2.0", "1.5.0.0", "1.5.1.0", "1.5.2.0", "1.5.2.1",
	"1.6.0.0", "1.6.0.1", "1.6.0.2", "1.6.3.0", "1.6.3.1", "1.6.3.2", "1.6.3.3", "1.6.3.4", "1.6.3.5",
	"1.6.4.0", "1.6.5.0", "1.6.6.0", "1.6.7.0", "1.6.8.0", "1.6.9.0", NewestVersion,
}

// speaksAtMost tells whether the operation's packet asks for this protocol or an older one.
func (c *call) speaksAtMost(version string) bool {
	return slices.Index(protocols, c.version) <= slices.Index(protocols, version)
}

// resolveVersion returns the protocol that a version attribute asks for: a listed version, or the newest one that an abbreviation
// such as "1.6" begins; absent is the newest of all.
func resolveVersion(asked string) (version string, ok bool) {
	asked = strings.TrimSpace(asked)
	if asked == "" {
		return NewestVersion, true
	}
	for i := len(protocols) - 1; i >= 0; i-- {
		if p := protocols[i]; p == asked || strings.HasPrefix(p, asked+".") {
			return p, true
		}
	}
	return "", false
}
