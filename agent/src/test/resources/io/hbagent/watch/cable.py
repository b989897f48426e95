# A cable between two network namespaces that takes its time and loses packets: two TUN devices, and what comes out of one goes
# into the other. For kernels without netem. Arguments: a process in each namespace. It is a perfect cable until a line of standard
# input says otherwise: milliseconds each way, share of packets lost. Ends with that input, however the test that holds it ends.
import ctypes, fcntl, heapq, os, random, select, struct, sys, time

TUNSETIFF, IFF_TUN_NO_PI, CLONE_NEWNET = 0x400454CA, 0x1001, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def device(pid, name):
    namespace = os.open("/proc/%s/ns/net" % pid, os.O_RDONLY)
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH14x", name, IFF_TUN_NO_PI))
    return tun


ends = [device(sys.argv[1], b"hb0"), device(sys.argv[2], b"hb1")]
delay, loss = 0, 0
other = {ends[0]: ends[1], ends[1]: ends[0]}
under_way = []
number = 0
print("plugged in", flush=True)
while True:
    wait = 1 if not under_way else max(0, under_way[0][0] - time.monotonic())
    ready = select.select(ends + [sys.stdin], [], [], wait)[0]
    if sys.stdin in ready:
        line = sys.stdin.readline()
        if not line:
            break
        delay, loss = float(line.split()[0]) / 1000, float(line.split()[1])
        print("delays and loses", flush=True)
    for end in set(ready) & other.keys():
        packet = os.read(end, 65536)
        if random.random() >= loss:
            number += 1
            heapq.heappush(under_way, (time.monotonic() + delay, number, other[end], packet))
    while under_way and under_way[0][0] <= time.monotonic():
        _, _, end, packet = heapq.heappop(under_way)
        try:
            os.write(end, packet)
        except OSError:
            pass  # not up yet, or full: lost as well
