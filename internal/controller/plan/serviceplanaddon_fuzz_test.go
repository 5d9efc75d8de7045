// The laws of wire values, over values made of fuzzed bytes.

package plan

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

func FuzzNormalServicePlanAddon(f *testing.F) { controllertest.FuzzNormal(f, ServicePlanAddon{}) }
