// Decides where the binaries come from; pure, so that a table can test it.

package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// A source is one way to come by the binaries.
type source int

const (
	// fromEnvironment takes the directory that KUBEBUILDER_ASSETS names, as it is.
	fromEnvironment source = iota
	// fromCache takes what an earlier run left in the user's cache directory.
	fromCache
	// fromDownload asks setup-envtest for the binaries that the Kubernetes project releases.
	fromDownload
	// fromBuild compiles both from their Go modules.
	fromBuild
)

// situation is all that the order of sources depends on.
type situation struct {
	// assets is the value of KUBEBUILDER_ASSETS.
	assets string
	// assetsMissing names the binaries that assets lacks.
	assetsMissing []string
	// cacheMissing names the binaries that the cache directory lacks.
	cacheMissing []string
	// buildOnly forbids downloads of binaries (CONTROLPLANE_BUILD=1).
	buildOnly bool
}

// order returns the sources to try, one after the other. A directory the user named wins and is
// never replaced by a guess: if it is unusable, that is an error.
func order(s situation) ([]source, error) {
	switch {
	case s.assets != "" && !filepath.IsAbs(s.assets):
		// The launcher, make and every test binary run in directories of their own.
		return nil, fmt.Errorf("KUBEBUILDER_ASSETS=%s is relative; it has to be an absolute path", s.assets)
	case s.assets != "" && len(s.assetsMissing) > 0:
		return nil, fmt.Errorf("KUBEBUILDER_ASSETS=%s has no executable %s; correct it or unset it",
			s.assets, strings.Join(s.assetsMissing, ", "))
	case s.assets != "":
		return []source{fromEnvironment}, nil
	case len(s.cacheMissing) == 0:
		return []source{fromCache}, nil
	case s.buildOnly:
		return []source{fromBuild}, nil
	}
	return []source{fromDownload, fromBuild}, nil
}
