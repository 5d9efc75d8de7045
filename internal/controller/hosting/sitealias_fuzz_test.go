// The laws of wire values, over values made of fuzzed bytes.

package hosting

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

func FuzzNormalSiteAlias(f *testing.F) { controllertest.FuzzNormal(f, SiteAlias{}) }
