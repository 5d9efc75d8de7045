// Which answers may be long.

package xmlapi_test

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// How long an answer may be follows from what is asked for: by name, or for all that there is.
func TestReadsMany(t *testing.T) {
	customers := func(q xmlapi.Query) xmlapi.Caller { return customer.Get.Call(customer.GetRequest{Filter: q}) }
	everything := xmlapi.Everything()
	for name, c := range map[string]struct {
		call xmlapi.Caller
		want bool
	}{
		"all":                       {customers(xmlapi.All()), true},
		"everything":                {customers(everything), true},
		"one":                       {customers(customer.ByID(4).Query()), false},
		"some":                      {customers(customer.ByID(4, 9).Query()), false},
		"all that is somebody's":    {webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.ByNumber("owner-id", 4).Query()}), true},
		"all that lies in one":      {site.Get.Call(site.GetRequest{Filter: xmlapi.ByNumber("parent-id", 4).Query()}), true},
		"a filter that is optional": {extension.Get.Call(extension.GetRequest{Filter: &everything}), true},
		"none where it is":          {extension.Get.Call(extension.GetRequest{}), false},
		"a filter of its own sort":  {mail.GetInfo.Call(mail.GetInfoRequest{}), false},
		"nothing":                   {ip.Get.Call(xmlapi.EmptyRequest{}), false},
		"a write":                   {customer.Del.Call(xmlapi.FilterRequest{Filter: customer.ByID(4)}), false},
	} {
		if have := xmlapi.ReadsMany(c.call); have != c.want {
			t.Errorf("%s: %t", name, have)
		}
	}
}
