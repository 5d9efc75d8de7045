// The laws of wire values, over values made of fuzzed bytes.

package account

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

func FuzzNormalReseller(f *testing.F) { controllertest.FuzzNormal(f, Reseller{}) }
