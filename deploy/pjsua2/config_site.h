/* Build-time choices of Deskphone's pjsua2. */
#define PJ_HAS_IPV6                 1
#define PJMEDIA_HAS_VIDEO           0
#define PJMEDIA_HAS_OPUS_CODEC      1
#define PJMEDIA_SRTP_HAS_DTLS       1
#define PJSUA_MAX_CALLS             32
#define PJSUA_MAX_PLAYERS           64
#define PJSUA_MAX_RECORDERS         64
#define PJ_IOQUEUE_MAX_HANDLES      1024
#define PJSUA_HAS_SIPREC            1
/* One 20 ms frame at 16 kHz (larger frames get what they need). The default of 4000 bytes hides the first 125 ms of a
   recording from whoever waits for it to begin, and loses as much to a kill. */
#define PJMEDIA_WAV_WRITER_BUFSIZE  640
/* G.722's 14 bits as every other implementation scales them (spandsp in Asterisk, FreeSWITCH and baresip; FFmpeg). With the
   default of 2 this phone was measured 6 dB too quiet to them and they 6 dB too loud here, until a clipped sample halved
   the level in the middle of the call. */
#define PJMEDIA_G722_DEFAULT_PCM_SHIFT            1
#define PJMEDIA_G722_STOP_PCM_SHIFT_ON_CLIPPING   0
