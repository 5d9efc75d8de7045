// Paths of directories within a site.

package web

import (
	"path"
	"strings"
)

// rooted is a path from the root of the site, however it is written.
func rooted(name string) string { return path.Clean("/" + name) }

// wirePath is a path as the documents write it: from the site's root, without the slash.
func wirePath(path string) string {
	if path == "/" {
		return path
	}
	return strings.TrimPrefix(path, "/")
}
