// Protocol versions: which one is spoken, and what came into the protocol with which one (protocol-core §3).

// Package version knows what of the protocol the servers of older versions do not have. No grammar of theirs is published: what is listed here
// is what the documents say, and what they do not say is taken to have been there always.
package version

import (
	"slices"
	"strconv"
	"strings"
)

// Version is a protocol version such as "1.6.9.1", "" where none is known.
type Version string

const (
	// Full is what this client is written for.
	Full Version = "1.6.9.1"
	// Oldest is the first one that can be spoken at all.
	Oldest Version = "1.6.4.0"
)

// additions are the elements, operations, limits and hosting properties that are known to have come with a version, by the names that they have
// in the protocol, where each means one thing. A star stands for the rest of a name.
var additions = []struct {
	since Version
	names []string
}{
	{"1.6.4.0", []string{"resource-usage"}},
	{"1.6.5.0", []string{"parent-site-*", "duplicate", "http_code", "seo-redirect", "web-server-settings", "unpaid_website_status"}},
	{"1.6.6.0", []string{"power-user", "get_events", "get-last-id"}},
	{"1.6.8.0", []string{"nginx-proxy-mode", "cgroups_*", "server/certificates", "webmail-certificate"}},
}

// Since is the version that brought what has a name, "" for what has been there always.
func Since(name string) Version {
	for _, a := range additions {
		if slices.ContainsFunc(a.names, func(pattern string) bool { return matches(pattern, name) }) {
			return a.since
		}
	}
	return ""
}

func matches(pattern, name string) bool {
	begin, open := strings.CutSuffix(pattern, "*")
	return pattern == name || open && strings.HasPrefix(name, begin)
}

// Has reports whether a version has what has a name.
func (v Version) Has(name string) bool { return !v.Before(Since(name)) }

// Before reports whether a version is older than another one.
func (v Version) Before(other Version) bool { return compare(string(v), string(other)) < 0 }

// Spoken is the version that a server speaks which lists these: its newest one, or the newest within what was asked for, which may be
// abbreviated. It is "" where the server lists none of the kind.
func Spoken(asked string, listed []string) Version {
	for _, v := range Newest(listed) {
		if asked == "" || v == asked || strings.HasPrefix(v, asked+".") {
			return Version(v)
		}
	}
	return ""
}

// Newest sorts versions, the newest first.
func Newest(versions []string) []string {
	return slices.SortedFunc(slices.Values(versions), func(a, b string) int { return compare(b, a) })
}

func compare(a, b string) int { return slices.Compare(numbers(a), numbers(b)) }

// numbers are those of a version. What is no number sorts before all, and trailing zeros mean nothing.
func numbers(version string) []int {
	var out []int
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			n = -1
		}
		out = append(out, n)
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}
