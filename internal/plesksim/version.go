// Protocol versions: which ones the server lists, and what a packet's version attribute resolves to (protocol-core §3).

package plesksim

import (
	"fmt"
	"slices"
	"strings"
)

// NewestVersion is the newest protocol that the simulator can speak.
const NewestVersion = "1.6.9.1"

// protocols are all versions, of which server/get_protos lists those up to the server's newest. All of them are accepted; all have the semantics
// of NewestVersion, without what came later than they (later.go).
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

// protocolsUpTo are the versions that a server lists whose newest is this one.
func protocolsUpTo(newest string) []string {
	return slices.Clone(protocols[:slices.Index(protocols, newest)+1])
}

// resolveVersion returns the protocol that a version attribute asks for: a listed version, or the newest one that an abbreviation
// such as "1.6" begins; absent is the newest of all.
func (o *Options) resolveVersion(asked string) (version string, ok bool) {
	return newestOf(protocolsUpTo(o.Protocol), strings.TrimSpace(asked))
}

func newestOf(listed []string, asked string) (version string, ok bool) {
	for _, p := range slices.Backward(listed) {
		if asked == "" || p == asked || strings.HasPrefix(p, asked+".") {
			return p, true
		}
	}
	return "", false
}

// spellOut replaces an abbreviated Protocol by the version that it stands for.
func (o *Options) spellOut() error {
	version, ok := newestOf(protocols, o.Protocol)
	if !ok {
		return fmt.Errorf("plesksim: the protocol %s is not known", o.Protocol)
	}
	o.Protocol = version
	return nil
}
