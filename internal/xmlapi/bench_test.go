// What a bulk read costs.

package xmlapi_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// BenchmarkDecodeWebspaces decodes a webspace/get answer of 10,000 subscriptions with gen_info, hosting and limits.
func BenchmarkDecodeWebspaces(b *testing.B) {
	const objects = 10_000
	var doc bytes.Buffer
	doc.WriteString(declaration + "<packet version=\"1.6.9.1\">\n<webspace>\n<get>\n")
	for i := range objects {
		_, _ = fmt.Fprintf(&doc, `<result><status>ok</status><filter-id>%[1]d</filter-id><id>%[1]d</id><data>
<gen_info><cr_date>2026-01-31</cr_date><name>shop-%[1]d.example</name><ascii-name>shop-%[1]d.example</ascii-name><status>0</status>
<real_size>0</real_size><owner-id>14</owner-id><owner-login>alder</owner-login><dns_ip_address>198.51.100.7</dns_ip_address>
<htype>vrt_hst</htype><guid>5b0c6c0e-6f1d-4a57-9d0c-%012[1]d</guid><vendor-guid>0d9f1c52-7f0e-4c06-8a53-91be5a3f7712</vendor-guid>
<external-id>k8s-%[1]d</external-id><description></description></gen_info><hosting><vrt_hst>`, i+1)
		for _, p := range []string{"ssl", "ssl-redirect", "webstat", "errdocs", "shell", "ftp_quota", "php_handler_id", "php", "cgi", "www_root"} {
			_, _ = fmt.Fprintf(&doc, "<property><name>%s</name><value>value of %s</value></property>\n", p, p)
		}
		doc.WriteString("<ip_address>198.51.100.7</ip_address></vrt_hst></hosting><limits><overuse>block</overuse>\n")
		for _, l := range []string{"max_site", "max_subdom", "disk_space", "max_traffic", "max_db", "max_box", "mbox_quota", "expiration"} {
			_, _ = fmt.Fprintf(&doc, "<limit><name>%s</name><value>-1</value></limit>\n", l)
		}
		doc.WriteString("</limits></data></result>\n")
	}
	doc.WriteString("</get>\n</webspace>\n</packet>\n")
	b.SetBytes(int64(doc.Len()))
	b.ReportAllocs()
	for b.Loop() {
		call := webspace.Get.Call(webspace.GetRequest{})
		if err := xmlapi.Decode(bytes.NewReader(doc.Bytes()), call); err != nil {
			b.Fatal(err)
		}
		if found, err := call.All(); err != nil || len(found) != objects {
			b.Fatal(len(found), err)
		}
	}
}
